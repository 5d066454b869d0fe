// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Locks inside an object that crosses: its copy gets a new lock of the same fairness. A lock that
 * is held is refused, because whoever holds it guards something that the copy does not see.
 */
final class LockSerializers {
  private static final String HINT =
      "It is held, and a lock does not reach across workers: release it before, or pass the values.";

  private LockSerializers() {}

  static final class OfLock extends Serializer<ReentrantLock> {
    @Override
    public void write(Kryo kryo, Output output, ReentrantLock lock) {
      if (lock.isLocked()) {
        throw new EncodeRefusal(TypeNames.of(lock), HINT, null);
      }
      output.writeBoolean(lock.isFair());
    }

    @Override
    public ReentrantLock read(Kryo kryo, Input input, Class<? extends ReentrantLock> type) {
      return new ReentrantLock(input.readBoolean());
    }
  }

  static final class OfReadWriteLock extends Serializer<ReentrantReadWriteLock> {
    @Override
    public void write(Kryo kryo, Output output, ReentrantReadWriteLock lock) {
      if (lock.isWriteLocked() || lock.getReadLockCount() > 0) {
        throw new EncodeRefusal(TypeNames.of(lock), HINT, null);
      }
      output.writeBoolean(lock.isFair());
    }

    @Override
    public ReentrantReadWriteLock read(
        Kryo kryo, Input input, Class<? extends ReentrantReadWriteLock> type) {
      return new ReentrantReadWriteLock(input.readBoolean());
    }
  }
}
