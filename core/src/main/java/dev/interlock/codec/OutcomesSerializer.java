// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import dev.interlock.spi.Outcome;
import dev.interlock.spi.Outcomes;
import org.jspecify.annotations.Nullable;

/**
 * Many outcomes. Where all values are of one number type they are a block of that type, and the few
 * that failed follow; else each is a frame of its own, and they share the names of their classes.
 */
final class OutcomesSerializer extends Serializer<Outcomes<?>> {
  private static final Class<?>[] BLOCKS = {Integer.class, Long.class, Double.class};

  /** The form of what is no block. */
  private static final int FRAMES = BLOCKS.length;

  private final OutcomeSerializer one = new OutcomeSerializer();

  @Override
  public void write(Kryo kryo, Output output, Outcomes<?> outcomes) {
    FrameOutput frame = (FrameOutput) output;
    int form = formOf(outcomes);
    frame.writeByte(form);
    frame.writeVarInt(outcomes.size(), true);
    if (form == FRAMES) {
      writeFrames((CodecKryo) kryo, frame, outcomes);
    } else {
      frame.writeNumbers(BLOCKS[form], outcomes);
      writeFailures(kryo, frame, outcomes);
    }
  }

  private static int formOf(Outcomes<?> outcomes) {
    Class<?> common = outcomes.commonClass();
    int form = 0;
    while (form < FRAMES && BLOCKS[form] != common) {
      form++;
    }
    return form;
  }

  private void writeFailures(Kryo kryo, FrameOutput frame, Outcomes<?> outcomes) {
    for (int i = 0; i < outcomes.size(); i++) {
      if (!outcomes.isSuccess(i)) {
        frame.writeVarInt(i + 1, true);
        one.write(kryo, frame, Outcome.failure(outcomes.failure(i)));
      }
    }
    frame.writeVarInt(0, true);
  }

  private void writeFrames(CodecKryo kryo, FrameOutput frame, Outcomes<?> outcomes) {
    SharedNames names = new SharedNames();
    int start = frame.beginBlock();
    try (NestedCoder coder = new NestedCoder(kryo, names)) {
      for (int i = 0; i < outcomes.size(); i++) {
        if (outcomes.isSuccess(i)) {
          one.writeContent(coder, frame, true, outcomes.value(i));
        } else {
          one.writeContent(coder, frame, false, outcomes.failure(i));
        }
      }
    }
    frame.endBlock(start);
    names.write(frame);
  }

  @Override
  public Outcomes<?> read(Kryo kryo, Input input, Class<? extends Outcomes<?>> type) {
    long startNs = System.nanoTime();
    FrameInput frame = (FrameInput) input;
    int form = frame.readByte();
    if (form < 0 || form > FRAMES) {
      throw new KryoException("Outcomes of an unknown form " + form);
    }
    Outcomes<@Nullable Object> outcomes;
    if (form == FRAMES) {
      outcomes = readFrames((CodecKryo) kryo, frame);
    } else {
      outcomes = new Outcomes<>(frame.readNumbers(BLOCKS[form]));
      readFailures((CodecKryo) kryo, frame, outcomes);
    }
    outcomes.decodedIn(System.nanoTime() - startNs);
    return outcomes;
  }

  private void readFailures(CodecKryo kryo, FrameInput frame, Outcomes<@Nullable Object> outcomes) {
    int next = frame.readVarInt(true);
    while (next != 0) {
      if (next < 0 || next > outcomes.size()) {
        throw new KryoException("A failure of an item that is not there");
      }
      Outcome<?> failure = one.read(kryo, frame);
      if (failure.isSuccess()) {
        throw new KryoException("A failure that is none");
      }
      outcomes.fail(next - 1, failure.failure());
      next = frame.readVarInt(true);
    }
  }

  private Outcomes<@Nullable Object> readFrames(CodecKryo kryo, FrameInput frame) {
    // Each item has a byte, and a length of four.
    int size = frame.readLength(1 + Integer.BYTES);
    int length = frame.readUnclaimedBlockLength();
    int start = frame.position();
    frame.setPosition(start + length);
    SharedNames names = SharedNames.read(frame);
    int end = frame.position();
    frame.setPosition(start);
    Outcomes<@Nullable Object> outcomes = new Outcomes<>(size);
    try (NestedCoder coder = new NestedCoder(kryo, names)) {
      for (int i = 0; i < size; i++) {
        Outcome<?> outcome = one.readContent(coder, frame);
        if (outcome.isSuccess()) {
          outcomes.set(i, outcome.value());
        } else {
          outcomes.fail(i, outcome.failure());
        }
      }
    }
    if (frame.position() != start + length) {
      throw new KryoException("Items of another length than announced");
    }
    frame.setPosition(end);
    return outcomes;
  }
}
