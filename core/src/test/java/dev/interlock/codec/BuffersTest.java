// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.NotShareableException;
import dev.interlock.UndecodableException;
import dev.interlock.spi.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Large buffers beside the frame. */
class BuffersTest {
  private static final int LEAST = 64;
  private static final long KEY = 5;

  private final TaskCodec codec = new TaskCodec(BuffersTest.class.getClassLoader());
  private final TaskCodec parent =
      TaskCodec.distrusting(
          BuffersTest.class.getClassLoader(),
          new ResultClasses(BuffersTest.class.getClassLoader(), "test", List.of(), List.of()));
  private final Store store = new Store();

  /** A store in memory, whose parts are small. */
  private static final class Store implements BufferSink, BufferSource {
    private static final int PART = 16;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int loads;
    private Boolean needed;

    @Override
    public long key() {
      return KEY;
    }

    @Override
    public long store(long length, BufferPart content) {
      if (length < LEAST) {
        return REFUSED;
      }
      long offset = bytes.size();
      for (long at = 0; at < length; at += PART) {
        byte[] part = new byte[(int) Math.min(PART, length - at)];
        content.at(at, part(part));
        bytes.write(part, 0, part.length);
      }
      return offset;
    }

    @Override
    public long sizeBytes(long key) throws IOException {
      if (key != KEY) {
        throw new IOException("no store " + key);
      }
      return bytes.size();
    }

    @Override
    public void load(long key, long offset, long length, BufferPart taker) {
      loads++;
      byte[] all = bytes.toByteArray();
      for (long at = 0; at < length; at += PART) {
        int from = (int) (offset + at);
        taker.at(at, part(Arrays.copyOfRange(all, from, from + (int) Math.min(PART, length - at))));
      }
    }

    @Override
    public void end(boolean mayBeNeeded) {
      needed = mayBeNeeded;
    }

    private static ByteBuffer part(byte[] content) {
      return ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  private Object read(byte[] frame) {
    return parent.decode(frame, 0, frame.length, store);
  }

  @Test
  void largeOnesAreBesideTheFrameAndSmallOnesInIt() {
    Object[] sent = {new Random(1).longs(1_000).toArray(), new int[] {1, 2}, new boolean[200]};
    byte[] frame = codec.encode(sent, store);
    assertThat(store.needed).isTrue();
    assertThat(frame.length).isLessThan(100);
    assertThat(store.bytes.size()).isEqualTo(8_200);
    assertThat(Arrays.deepEquals((Object[]) read(frame), sent)).isTrue();
    assertThat(store.loads).isEqualTo(2);
    assertThat(store.needed).isTrue();
    codec.encode(new int[] {1, 2}, store);
    assertThat(store.needed).isFalse();
  }

  @Test
  void withoutASourceAReferenceIsUndecodable() {
    byte[] frame = codec.encode(new byte[1_000], store);
    assertThatThrownBy(() -> parent.decode(frame)).isInstanceOf(UndecodableException.class);
    assertThatThrownBy(() -> codec.decode(frame)).isInstanceOf(UndecodableException.class);
  }

  /** References that each lie within the store, but together are a thousand times as large. */
  @Test
  void noByteIsReadTwice() {
    byte[] once = codec.encode(new byte[1_000], store);
    Store second = new Store();
    byte[] array = new byte[1_000];
    Object[] many = new Object[1_000];
    for (int i = 0; i < many.length; i++) {
      many[i] = array.clone();
    }
    byte[] frame = codec.encode(many, new RepeatingSink(second));
    assertThat(read(once)).isEqualTo(array);
    assertThatThrownBy(() -> parent.decode(frame, 0, frame.length, second))
        .isInstanceOf(UndecodableException.class)
        .hasMessageContaining("is not there");
    assertThat(second.loads).isEqualTo(1);
    assertThat(second.needed).isTrue();
  }

  /** Says of each buffer that it is where the first one is. */
  private record RepeatingSink(Store store) implements BufferSink {
    @Override
    public long key() {
      return KEY;
    }

    @Override
    public long store(long bytes, BufferPart content) {
      if (store.bytes.size() == 0) {
        store.store(bytes, content);
      }
      return 0;
    }

    @Override
    public void end(boolean needed) {}
  }

  @Test
  void changedReferencesAreUndecodableOrOther() {
    byte[] frame = codec.encode(new Object[] {new long[100], new char[100], "x"}, store);
    Random random = new Random(9);
    for (int i = 0; i < 20_000; i++) {
      byte[] changed = frame.clone();
      changed[random.nextInt(changed.length)] = (byte) random.nextInt();
      changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        read(changed);
      } catch (UndecodableException e) {
        assertThat(e).hasMessageNotContaining("OutOfMemory");
        assertThat(store.needed).isTrue();
      }
    }
  }

  @Test
  void whatAnOutcomeTakesBackIsNotNeeded() {
    Outcome<Object> refused = Outcome.success(new Object[] {new byte[1_000], new Thread()});
    byte[] frame = codec.encode(refused, store);
    assertThat(store.needed).isFalse();
    Outcome<?> read = (Outcome<?>) read(frame);
    assertThat(read.failure()).isInstanceOf(NotShareableException.class);
    assertThat(store.needed).isFalse();
    Object[] kept = {new byte[1_000], refused};
    codec.encode(kept, store);
    assertThat(store.needed).isTrue();
  }

  @Test
  void aFailureToEncodeEndsTheSink() {
    assertThatThrownBy(() -> codec.encode(new Object[] {new byte[1_000], new Thread()}, store))
        .isInstanceOf(NotShareableException.class);
    assertThat(store.needed).isFalse();
  }

  @Test
  void directBuffersKeepTheirStateInTheFrameToo() {
    ByteBuffer direct = ByteBuffer.allocateDirect(40).order(ByteOrder.LITTLE_ENDIAN);
    direct.putLong(8, 42).position(8).limit(30);
    ByteBuffer back = (ByteBuffer) parent.decode(codec.encode(direct));
    assertThat(back.isDirect()).isTrue();
    assertThat(back.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    assertThat(back).isEqualTo(direct);
    assertThat(back.capacity()).isEqualTo(40);
    assertThat(back.getLong()).isEqualTo(42);
  }
}
