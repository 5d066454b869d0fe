// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;

/** A serializer of two lambdas. */
final class JdkForm<T> extends Serializer<T> {

  interface Writing<T> {
    void write(Kryo kryo, Output output, T value);
  }

  interface Reading<T> {
    T read(Kryo kryo, FrameInput input);
  }

  private final Writing<T> writing;
  private final Reading<T> reading;

  JdkForm(Writing<T> writing, Reading<T> reading) {
    this.writing = writing;
    this.reading = reading;
  }

  /** For the one object of a class. */
  static <T> JdkForm<T> constant(T value) {
    return new JdkForm<>((kryo, output, same) -> {}, (kryo, input) -> value);
  }

  @Override
  public void write(Kryo kryo, Output output, T value) {
    writing.write(kryo, output, value);
  }

  @Override
  public T read(Kryo kryo, Input input, Class<? extends T> type) {
    return reading.read(kryo, (FrameInput) input);
  }
}
