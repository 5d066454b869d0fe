// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import dev.interlock.NotShareableException;
import dev.interlock.UndecodableException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Turns tasks, arguments, results and exceptions into bytes and back, under one class loader. All
 * boundaries use it: what crosses into another process also crosses into another class loader.
 *
 * <p>Classes need neither registration nor {@link java.io.Serializable}. Shared references stay
 * shared and cycles are kept, within one call. In detail:
 *
 * <ul>
 *   <li>Lambdas and method references cross when their interface is serializable, as {@link
 *       dev.interlock.Task} and its siblings are. No {@code --add-opens} is needed.
 *   <li>Ordinary classes cross field by field; {@code transient} fields are left out. A
 *       serializable class that defines {@code writeReplace} or {@code readResolve} has them
 *       honoured. One that defines {@code writeObject}, {@code readObject} or {@code
 *       Externalizable} crosses by Java serialization, and so do serializable JDK classes that the
 *       codec has no form for; what they contain must then be serializable too.
 *   <li>JDK collections keep their class; views of them ({@code subList}, {@code keySet}, ...)
 *       arrive as plain copies. Access order of a {@code LinkedHashMap} is not kept.
 *   <li>Throwables keep type, message, stack, causes, suppressed exceptions and the fields that can
 *       cross. A type that is unknown to the reader arrives as {@link
 *       dev.interlock.RemoteTaskException}.
 *   <li>An {@link dev.interlock.spi.Outcome} has a frame of its own: what cannot be encoded or
 *       decoded in it becomes that outcome's failure and spoils nothing around it.
 *   <li>Idle locks arrive as new ones. Threads, executors, futures, streams, sockets, class loaders
 *       and references are refused, and so are cycles through records, immutable collections and
 *       lambdas, which cannot be rebuilt.
 * </ul>
 *
 * <p>Thread-safe and never blocking. A codec remembers the classes that it has met: it lives as
 * long as its loader is in use, and keeping it keeps the loader. Encoding calls no user code but
 * getters of throwables and the serialization methods named above; decoding runs constructors
 * without parameters, and the canonical constructors of records.
 */
public final class TaskCodec {
  static {
    // Kryo's use of sun.misc.Unsafe makes newer JDKs warn on stderr. Before Kryo's first class
    // loads.
    if (System.getProperty("kryo.unsafe") == null) {
      System.setProperty("kryo.unsafe", "false");
    }
  }

  private static final int MAX_POOLED = 32;
  private static final String UNNAMED_SETTING = "its list of trusted classes";

  /** One thread needs several, for frames within frames, and making one costs 20 us. */
  private static final int MIN_POOLED = 8;

  /** No lambda: the first one in a JVM takes milliseconds. */
  private static final ClassPolicy EVERYTHING =
      new ClassPolicy() {
        @Override
        public boolean admits(String name) {
          return true;
        }
      };

  private final ClassLoader loader;
  private final ClassPolicy policy;
  private final boolean distrusts;
  private final @Nullable String setting;
  private volatile @Nullable CoderPool pool;
  private final ConstantTasks stateless;

  /** A codec that decodes any class that {@code loader} can load. */
  public TaskCodec(ClassLoader loader) {
    this(loader, EVERYTHING, null);
  }

  /**
   * A codec that decodes only what {@code allowed} admits.
   *
   * @param loader resolves every class name that is decoded; no other loader is asked
   * @param allowed asked with the class name before a class is looked for, from any thread. Lambdas
   *     are asked for under {@code java.lang.invoke.SerializedLambda} and then under the class that
   *     made them; Java serialization under {@code java.io.ObjectInputStream} and then class by
   *     class. The JDK's common data types are not asked for
   */
  public TaskCodec(ClassLoader loader, Predicate<String> allowed) {
    this(loader, (ClassPolicy) Objects.requireNonNull(allowed, "allowed")::test, null);
  }

  private TaskCodec(ClassLoader loader, ClassPolicy policy, @Nullable String setting) {
    this.loader = Objects.requireNonNull(loader, "loader");
    this.distrusts = policy.distrusts();
    this.setting = setting;
    this.policy = policy;
    this.stateless = new ConstantTasks(loader, policy);
  }

  /**
   * A codec that encodes tasks, and decodes what comes back from another process. Unless {@code
   * trusted} trusts everything, a frame that is decoded takes memory and time in proportion to its
   * length, whatever it contains; objects may be nested five hundred levels deep in it; and
   * lambdas, Java serialization and what makes the JDK connect or search at length are refused.
   */
  public static TaskCodec distrusting(ClassLoader loader, ResultClasses trusted) {
    return new TaskCodec(loader, trusted, null);
  }

  /**
   * The other side's codec: decodes all that {@link #distrusting} encodes, and refuses to encode as
   * the result of a task what its parent would not decode.
   *
   * @param setting what to set to be trusted, for the message of the {@link NotShareableException}
   */
  public static TaskCodec distrusted(ClassLoader loader, String setting) {
    return new TaskCodec(loader, EVERYTHING, Objects.requireNonNull(setting, "setting"));
  }

  /** The loader under which this codec decodes. */
  public ClassLoader loader() {
    return loader;
  }

  /**
   * Encodes {@code value}.
   *
   * @throws NotShareableException if a part of it cannot cross; it names the path
   */
  public byte[] encode(@Nullable Object value) {
    return encode(value, null);
  }

  /**
   * Encodes {@code value}, but for the large buffers that {@code sink} takes: arrays of primitives
   * and direct byte buffers. It is told when the frame has ended, whatever becomes of it.
   *
   * @throws NotShareableException if a part of it cannot cross; it names the path
   */
  byte[] encode(@Nullable Object value, @Nullable BufferSink sink) {
    Coder coder = pool().borrow();
    try {
      return write(coder, value, sink);
    } finally {
      pool().release(coder);
    }
  }

  private static byte[] write(Coder coder, @Nullable Object value, @Nullable BufferSink sink) {
    FrameOutput output = coder.output();
    output.divertTo(sink);
    boolean written = false;
    try {
      coder.write(output, value);
      byte[] bytes = output.toBytes();
      written = true;
      return bytes;
    } finally {
      output.endSink(written);
    }
  }

  /**
   * Encodes a task for {@link CapsuleRunner}, which is told whether its result must be data only.
   *
   * @throws NotShareableException if a part of it cannot cross; it names the path
   */
  public byte[] encodeTask(Callable<?> task) {
    return encodeTask(task, null);
  }

  /**
   * {@link #encodeTask(Callable)}, but for the large buffers that {@code sink} takes. It is told
   * when the capsule has ended, whatever becomes of it.
   *
   * @throws NotShareableException if a part of it cannot cross; it names the path
   */
  byte[] encodeTask(Callable<?> task, @Nullable BufferSink sink) {
    byte kind = distrusts ? CapsuleRunner.DATA_ONLY : CapsuleRunner.ANY_RESULT;
    byte[] constant = isConstant(task) ? stateless.capsule(task, kind) : null;
    return constant == null ? encodeTask(task, sink, kind) : constant;
  }

  private byte[] encodeTask(Callable<?> task, @Nullable BufferSink sink, byte kind) {
    Coder coder = pool().borrow();
    try {
      coder.output().writeByte(kind);
      return write(coder, task, sink);
    } finally {
      pool().release(coder);
    }
  }

  /**
   * Whether the task is a lambda that has captured nothing: its class is all there is of it, and
   * its capsule always the same.
   */
  public boolean isConstant(Callable<?> task) {
    return stateless.isConstant(task.getClass());
  }

  /**
   * Decodes the task in a capsule.
   *
   * @throws UndecodableException if the bytes are damaged, or a class is missing or not allowed
   */
  @Nullable Callable<?> decodeTask(byte[] capsule, @Nullable BufferSource source) {
    return ConstantTasks.isMarked(capsule[0])
        ? stateless.task(capsule)
        : (Callable<?>) decode(capsule, 1, capsule.length - 1, source);
  }

  /**
   * Encodes {@code value} unless it contains what a distrusting codec refuses.
   *
   * @throws NotShareableException if a part of it cannot cross; it names the path
   */
  byte[] encodeDataOnly(@Nullable Object value) {
    return encodeDataOnly(value, null);
  }

  byte[] encodeDataOnly(@Nullable Object value, @Nullable BufferSink sink) {
    Coder coder = pool().borrow();
    coder.restrict(setting == null ? UNNAMED_SETTING : setting);
    try {
      return write(coder, value, sink);
    } finally {
      pool().release(coder);
    }
  }

  /**
   * Encodes {@code value} as {@link #encode} does, without the last copy when it is large.
   *
   * @return a heap buffer of the caller's own, from position to limit
   * @throws NotShareableException if a part of it cannot cross; it names the path
   */
  public ByteBuffer encodeToBuffer(@Nullable Object value) {
    Coder coder = pool().borrow();
    try {
      coder.write(coder.output(), value);
      return coder.output().detach();
    } finally {
      pool().release(coder);
    }
  }

  /**
   * Decodes what {@link #encode} returned.
   *
   * @throws UndecodableException if the bytes are damaged, or a class is missing or not allowed
   */
  public @Nullable Object decode(byte[] bytes) {
    return decode(bytes, 0, bytes.length);
  }

  /**
   * Decodes {@code length} bytes from {@code offset}; they are not copied first.
   *
   * @throws UndecodableException if the bytes are damaged, or a class is missing or not allowed
   * @throws IndexOutOfBoundsException if the range is not within the array
   */
  public @Nullable Object decode(byte[] bytes, int offset, int length) {
    return decode(bytes, offset, length, null);
  }

  /**
   * Decodes what was encoded with a {@link BufferSink}. The source is told when that is done,
   * whatever comes of it.
   *
   * @throws UndecodableException if the bytes are damaged, a class is missing or not allowed, or
   *     {@code source} does not have what they refer to
   */
  @Nullable Object decode(byte[] bytes, int offset, int length, @Nullable BufferSource source) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    BufferCursor buffers = source == null ? null : new BufferCursor(source);
    Coder coder = pool().borrow();
    try {
      return coder.read(bytes, offset, length, buffers);
    } finally {
      pool().release(coder);
      if (buffers != null) {
        buffers.end();
      }
    }
  }

  /**
   * Decodes the bytes from the buffer's position to its limit, and leaves both as they are.
   *
   * @throws UndecodableException if the bytes are damaged, or a class is missing or not allowed
   */
  public @Nullable Object decode(ByteBuffer buffer) {
    if (buffer.hasArray()) {
      return decode(buffer.array(), buffer.arrayOffset() + buffer.position(), buffer.remaining());
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return decode(bytes);
  }

  /** Made when it is needed, which it is not for a first task that is a {@link NamedLambda}. */
  private CoderPool pool() {
    CoderPool known = pool;
    return known == null ? makePool() : known;
  }

  private synchronized CoderPool makePool() {
    CoderPool known = pool;
    if (known == null) {
      int twice = 2 * Runtime.getRuntime().availableProcessors();
      known = new CoderPool(Math.max(MIN_POOLED, Math.min(MAX_POOLED, twice)), this);
      pool = known;
    }
    return known;
  }

  Coder newCoder() {
    return new Coder(new CodecKryo(this, new ClassNames(loader, policy)));
  }

  /** Lends a coder, for {@link #giveBack}. */
  Coder borrow() {
    return pool().borrow();
  }

  void giveBack(Coder coder) {
    pool().release(coder);
  }
}
