// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import java.io.Serializable;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/** Takes the answer out of its partition. */
final class FirstElement extends AbstractFunction1<Iterator<byte[]>, byte[]>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  @Override
  public byte[] apply(Iterator<byte[]> partition) {
    return partition.next();
  }
}
