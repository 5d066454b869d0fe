// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.codec.TaskCodec;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The items of one queue: how they become messages and items again, and which of them are dropped.
 *
 * <pre>
 *   byte   policy, form, whether an interpreter other than main has put it
 *   long   the interpreter; long: the run of the process   (only if so)
 *   ...    a parcel, a frame of the codec, or nothing if the item is the attachment
 * </pre>
 *
 * <p><b>Dropped items.</b> {@code removable} counts the items in the log, by interpreter, that
 * leave with it. When it ends they are discounted, so that they make room at once; the log drops
 * them when its reader comes to them. Both happen under the log's read lock, so an item is
 * discounted or counted, never both.
 */
final class QueueItems implements LogRules {
  /** Tells this process's interpreters from those of another run that wrote the same files. */
  private static final long RUN = ThreadLocalRandom.current().nextLong();

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int POLICY = 3;
  private static final int PRODUCER = 4;
  private static final int FORM = 24;

  /** A {@link Parcel}, its attachments beside it. */
  private static final int PARCEL = 0;

  /** A frame of the codec. */
  private static final int FRAME = 8;

  /** The attachment is the item's {@link Parcel}, which is too large for the files. */
  private static final int BESIDE = 16;

  private final QueueOptions options;
  private final int besideAbove;
  private final ConcurrentMap<Long, Long> removable = new ConcurrentHashMap<>();

  /**
   * An item as a message.
   *
   * @param length how much of {@code bytes} it takes
   * @param producer who put it, if it leaves with that; else main
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Encoded(byte[] bytes, int length, @Nullable Object attachment, long producer) {}

  QueueItems(QueueOptions options) {
    this.options = options;
    this.besideAbove =
        options.isDurable() ? ParcelWriter.NOTHING_BESIDE : options.byReferenceAboveBytes();
  }

  /**
   * Makes a message of an item that the current interpreter puts.
   *
   * @throws dev.interlock.NotShareableException if a part of it cannot cross; it names the path
   */
  Encoded encode(@Nullable Object item, UnboundItems policy) {
    ParcelWriter writer = new ParcelWriter(besideAbove);
    long producer = InterpreterTable.current();
    int start = writeHead(writer, policy, producer, PARCEL);
    Object attachment;
    if (writer.write(item)) {
      if (writer.length() - start <= besideAbove) {
        attachment = writer.attachments();
      } else {
        attachment = writer.parcel(start, item);
        writer = new ParcelWriter(besideAbove);
        writeHead(writer, policy, producer, BESIDE);
      }
    } else {
      TaskCodec codec = LocalCodec.current();
      byte[] frame =
          options.isDurable() ? HandleReference.encodeOutliving(codec, item) : codec.encode(item);
      writer = new ParcelWriter(besideAbove);
      if (frame.length <= besideAbove) {
        attachment = null;
        writeHead(writer, policy, producer, FRAME);
        writer.writeBytes(frame);
      } else {
        attachment = Parcel.ofFrame(frame);
        writeHead(writer, policy, producer, BESIDE);
      }
    }
    return new Encoded(
        writer.bytes(),
        writer.length(),
        attachment,
        policy == UnboundItems.REMOVE ? producer : InterpreterTable.MAIN);
  }

  private static int writeHead(ParcelWriter writer, UnboundItems policy, long producer, int form) {
    if (producer == InterpreterTable.MAIN) {
      writer.writeByte(code(policy) | form);
    } else {
      writer.writeByte(code(policy) | form | PRODUCER);
      writer.writeLong(producer);
      writer.writeLong(RUN);
    }
    return writer.length();
  }

  /** Before the message is appended. */
  void counted(Encoded item) {
    if (item.producer != InterpreterTable.MAIN) {
      removable.merge(item.producer, 1L, Long::sum);
    }
  }

  /** It was not appended. */
  void uncounted(Encoded item) {
    if (item.producer != InterpreterTable.MAIN) {
      removable.computeIfPresent(item.producer, (id, count) -> count == 1 ? null : count - 1);
    }
  }

  /** Under the log's read lock: an interpreter has ended, and so many items leave with it. */
  long leaveWith(long producer) {
    Long count = removable.remove(producer);
    return count == null ? 0 : count;
  }

  /** Whether items leave with an interpreter. */
  boolean hasRemovable(long producer) {
    return removable.containsKey(producer);
  }

  @Override
  public Verdict judge(byte[] message) {
    if ((message[0] & PRODUCER) == 0
        || policy(message) != UnboundItems.REMOVE
        || !isOfThisRun(message)) {
      return Verdict.DELIVER;
    }
    long producer = producer(message);
    boolean[] counts = {false};
    removable.computeIfPresent(
        producer,
        (id, count) -> {
          counts[0] = true;
          return count == 1 ? null : count - 1;
        });
    if (InterpreterTable.isLive(producer)) {
      return Verdict.DELIVER;
    }
    return counts[0] ? Verdict.DROP : Verdict.DROP_DISCOUNTED;
  }

  @Override
  public long maxMessages() {
    return options.maxSize() > 0 ? options.maxSize() : UNBOUNDED;
  }

  @Override
  public long maxDiskBytes() {
    return options.maxBytes();
  }

  /**
   * The item of a message, for the current interpreter.
   *
   * @throws ItemInterpreterDestroyedException if its producer has ended and its policy says so
   * @throws dev.interlock.UndecodableException if the current interpreter lacks a class
   */
  @Nullable Object decode(LogMessage received) {
    byte[] message = received.bytes();
    int start = 1;
    if ((message[0] & PRODUCER) != 0) {
      start += 2 * Long.BYTES;
      if (policy(message) != UnboundItems.KEEP
          && isOfThisRun(message)
          && !InterpreterTable.isLive(producer(message))) {
        if (policy(message) == UnboundItems.UNBOUND) {
          return InterpreterQueue.UNBOUND;
        }
        throw new ItemInterpreterDestroyedException(
            "The interpreter "
                + producer(message)
                + " put an item and has ended. The item is gone; the next get goes on behind it.");
      }
    }
    TaskCodec codec = LocalCodec.current();
    Object attachment = received.attachment();
    return switch (message[0] & FORM) {
      case PARCEL ->
          new Parcel(message, start, message.length, (Object[]) attachment, false).unpack(codec);
      case FRAME -> codec.decode(message, start, message.length - start);
      default -> ((Parcel) Objects.requireNonNull(attachment)).unpack(codec);
    };
  }

  private static UnboundItems policy(byte[] message) {
    return switch (message[0] & POLICY) {
      case 0 -> UnboundItems.UNBOUND;
      case 1 -> UnboundItems.ERROR;
      case 2 -> UnboundItems.REMOVE;
      default -> UnboundItems.KEEP;
    };
  }

  /** Stays as it is: durable queues have it in their files. */
  private static int code(UnboundItems policy) {
    return switch (policy) {
      case UNBOUND -> 0;
      case ERROR -> 1;
      case REMOVE -> 2;
      case KEEP -> 3;
    };
  }

  private static long producer(byte[] message) {
    return (long) LONGS.get(message, 1);
  }

  private static boolean isOfThisRun(byte[] message) {
    return (long) LONGS.get(message, 1 + Long.BYTES) == RUN;
  }
}
