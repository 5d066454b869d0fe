// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import dev.interlock.NotShareableException;
import dev.interlock.RemoteTaskException;
import dev.interlock.UndecodableException;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Throwables. Type, messages, stack, cause and suppressed exceptions always cross. The fields of
 * the subclass follow, each in a frame of its own, so that one which cannot be encoded or decoded
 * is left at its default. A JDK class with closed fields crosses by Java serialization besides, if
 * it can and may; else by the arguments of a constructor, if it is one of {@link ClosedThrowables}.
 * When the reader has no such class, it makes a {@link RemoteTaskException} of the rest.
 */
final class ThrowableSerializer extends Serializer<Throwable> {
  /** What it takes to print a text, roughly. */
  private static final long MEMORY_PER_CHAR = 10;

  // How closed fields cross.
  private static final byte NOT = 0;
  private static final byte BY_JAVA = 1;
  private static final byte BY_ARGUMENTS = 2;

  private final ThrowableMaker maker = new ThrowableMaker();
  private final StackTraceCodec stackTraces = new StackTraceCodec();
  private final JavaSerializer javaSerializer = new JavaSerializer();

  @Override
  public void write(Kryo kryo, Output output, Throwable thrown) {
    CodecKryo codecKryo = (CodecKryo) kryo;
    if (!codecKryo.openThrowables().add(thrown)) {
      throw new EncodeRefusal(
          TypeNames.of(thrown), "It is a field of itself: make the field transient.", null);
    }
    try {
      writeParts(codecKryo, (FrameOutput) output, thrown);
    } finally {
      codecKryo.openThrowables().remove(thrown);
    }
  }

  private void writeParts(CodecKryo kryo, FrameOutput frame, Throwable thrown) {
    List<FieldSlot> fields = ownFields(thrown.getClass());
    frame.writeString(thrown.getClass().getName());
    frame.writeString(SafeThrowable.message(thrown));
    String originalMessage = maker.originalMessage(thrown, fields);
    frame.writeString(originalMessage);
    stackTraces.write(frame, SafeThrowable.frames(thrown));
    writeClosedForm(kryo, frame, thrown, originalMessage);
    writeRelated(kryo, frame, ".cause", SafeThrowable.cause(thrown));
    Throwable[] suppressed = thrown.getSuppressed();
    frame.writeVarInt(suppressed.length, true);
    for (Throwable one : suppressed) {
      writeRelated(kryo, frame, ".suppressed", one);
    }
    List<Throwable> chain =
        SqlChain.mayFollow(thrown.getClass())
            ? SqlChain.behind(thrown, kryo.openThrowables())
            : List.of();
    frame.writeVarInt(chain.size(), true);
    for (Throwable one : chain) {
      writeRelated(kryo, frame, ".next", one);
    }
    for (FieldSlot field : fields) {
      writeField(kryo, frame, field, thrown);
    }
    frame.writeBoolean(false);
  }

  private static void writeRelated(
      CodecKryo kryo, FrameOutput frame, String segment, @Nullable Throwable related) {
    try {
      boolean open = related != null && kryo.openThrowables().contains(related);
      boolean known = open && kryo.getReferenceResolver().getWrittenId(related) != -1;
      // Open in a surrounding frame, but not in this one: a reference cannot reach it.
      kryo.writeClassAndObject(frame, open && !known ? null : related);
    } catch (RuntimeException e) {
      throw EncodeRefusal.at(segment, related, e);
    }
  }

  private void writeClosedForm(
      CodecKryo kryo, FrameOutput frame, Throwable thrown, @Nullable String message) {
    int start = frame.position();
    if (hasClosedFields(thrown.getClass())) {
      frame.writeByte(BY_JAVA);
      try {
        javaSerializer.write(kryo, frame, thrown);
        return;
      } catch (RuntimeException | StackOverflowError e) {
        frame.rewind(start); // Something in it is not serializable: the other forms will do.
      }
      ClosedThrowables.Form form = ClosedThrowables.of(thrown.getClass());
      if (form != null) {
        frame.writeByte(BY_ARGUMENTS);
        try (NestedCoder coder = new NestedCoder(kryo, null)) {
          coder.write(frame, form.argumentsOf(thrown, message));
          return;
        } catch (RuntimeException | StackOverflowError e) {
          frame.rewind(start); // Its own methods throw: those fields stay at their defaults.
        }
      }
    }
    frame.writeByte(NOT);
  }

  private static void writeField(
      CodecKryo kryo, FrameOutput frame, FieldSlot field, Throwable thrown) {
    int start = frame.position();
    frame.writeBoolean(true);
    frame.writeString(field.declaringClass().getName());
    frame.writeString(field.name());
    try (NestedCoder coder = new NestedCoder(kryo, null)) {
      coder.write(frame, field.get(thrown));
    } catch (NotShareableException e) {
      frame.rewind(start); // Stays at its default on the other side.
    }
  }

  @Override
  public Throwable read(Kryo kryo, Input input, Class<? extends Throwable> type) {
    FrameInput frame = (FrameInput) input;
    String name = Objects.requireNonNullElse(frame.readString(), "");
    String message = frame.readString();
    String originalMessage = frame.readString();
    StackTraceElement[] frames = stackTraces.read(frame);
    byte closed = frame.readByte();
    Throwable closedForm = closed == BY_JAVA ? readByJava(kryo, frame) : null;
    @Nullable Object[] arguments =
        closed == BY_ARGUMENTS ? readArguments((CodecKryo) kryo, frame) : null;
    Class<?> found = find(kryo, name);
    ClosedThrowables.Form form =
        closed == BY_ARGUMENTS && found != null ? ClosedThrowables.of(found) : null;
    boolean madeOfCause = form != null && form.takesCause();
    Throwable cause = madeOfCause ? readRelated(kryo, frame) : null;
    Throwable thrown = closedForm;
    if (thrown == null && found != null) {
      thrown = form == null ? make(found, originalMessage) : make(found, form, arguments, cause);
    }
    if (thrown != null) {
      kryo.reference(thrown);
    }
    if (!madeOfCause) {
      cause = readRelated(kryo, frame);
    }
    List<Throwable> suppressed = new ArrayList<>();
    for (int i = frame.readLength(1); i > 0; i--) {
      Throwable one = readRelated(kryo, frame);
      if (one != null) {
        suppressed.add(one);
      }
    }
    List<Throwable> chain = new ArrayList<>();
    for (int i = frame.readLength(1); i > 0; i--) {
      Throwable one = readRelated(kryo, frame);
      if (one != null) {
        chain.add(one);
      }
    }
    if (thrown == null) {
      String text = SafeThrowable.text(name, message, frames, cause);
      DecodeBudget budget = ((CodecKryo) kryo).budget();
      if (budget != null) {
        budget.allocate(MEMORY_PER_CHAR * text.length());
      }
      thrown = new RemoteTaskException(name, message, text, cause);
    } else if (closedForm == null && cause != null && SafeThrowable.cause(thrown) != cause) {
      linkCause(thrown, cause);
    }
    if (closedForm == null) {
      thrown.setStackTrace(frames);
      for (Throwable one : suppressed) {
        if (one != thrown) {
          thrown.addSuppressed(one);
        }
      }
      if (SqlChain.mayFollow(thrown.getClass())) {
        SqlChain.link(thrown, chain);
      }
    }
    readFields((CodecKryo) kryo, frame, thrown, closedForm == null);
    return thrown;
  }

  /** The class; null if it is not known or not allowed here: its text will do. */
  private static @Nullable Class<?> find(Kryo kryo, String name) {
    try {
      Class<?> type = ((CodecKryo) kryo).names().resolveThrowable(name);
      boolean usable =
          Throwable.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers());
      return usable ? type : null;
    } catch (RuntimeException | LinkageError e) {
      return null;
    }
  }

  private @Nullable Throwable make(Class<?> type, @Nullable String message) {
    try {
      return maker.make(type, message);
    } catch (RuntimeException | LinkageError e) {
      return null; // Its text will do.
    }
  }

  private @Nullable Throwable make(
      Class<?> type,
      ClosedThrowables.Form form,
      @Nullable Object @Nullable [] arguments,
      @Nullable Throwable cause) {
    if (arguments == null) {
      return null; // Without them even its message may fail: its text will do.
    }
    try {
      return maker.make(type, form, form.withCause(arguments, cause));
    } catch (RuntimeException | LinkageError e) {
      return null; // Not what the constructor takes: its text will do.
    }
  }

  private @Nullable Throwable readByJava(Kryo kryo, FrameInput frame) {
    try {
      return (Throwable) javaSerializer.read(kryo, frame, Throwable.class);
    } catch (RuntimeException | LinkageError e) {
      return null; // The parts follow.
    }
  }

  private static @Nullable Object @Nullable [] readArguments(CodecKryo kryo, FrameInput frame) {
    try (NestedCoder coder = new NestedCoder(kryo, null)) {
      return coder.read(frame) instanceof Object[] arguments ? arguments : null;
    } catch (UndecodableException e) {
      return null;
    }
  }

  private static @Nullable Throwable readRelated(Kryo kryo, FrameInput frame) {
    Object related = kryo.readClassAndObject(frame);
    if (related != null && !(related instanceof Throwable)) {
      throw new KryoException("A cause that is a " + related.getClass().getName());
    }
    return (Throwable) related;
  }

  private static void linkCause(Throwable thrown, Throwable cause) {
    try {
      thrown.initCause(cause);
      if (SafeThrowable.cause(thrown) != cause && cause != thrown && hidesCause(thrown)) {
        thrown.addSuppressed(cause); // a JDK class with a field for it that nothing sets
      }
    } catch (IllegalStateException | IllegalArgumentException e) {
      // Its class does not take causes, or it is its own cause. Nothing is to be lost:
      if (cause != thrown) {
        thrown.addSuppressed(cause);
      }
    }
  }

  private static boolean hidesCause(Throwable thrown) {
    try {
      return ClassKinds.isJdk(thrown.getClass().getMethod("getCause").getDeclaringClass());
    } catch (NoSuchMethodException e) {
      throw new KryoException(e);
    }
  }

  private static void readFields(
      CodecKryo kryo, FrameInput frame, Throwable thrown, boolean wanted) {
    while (frame.readBoolean()) {
      String declaring = frame.readString();
      String name = frame.readString();
      Object value;
      try (NestedCoder coder = new NestedCoder(kryo, null)) {
        value = coder.read(frame);
      } catch (UndecodableException e) {
        continue; // Stays at its default.
      }
      for (FieldSlot field : wanted ? ownFields(thrown.getClass()) : List.<FieldSlot>of()) {
        if (field.name().equals(name) && field.declaringClass().getName().equals(declaring)) {
          try {
            field.set(thrown, value);
          } catch (KryoException e) {
            break; // Another version of the class: stays at its default.
          }
        }
      }
    }
  }

  /** The fields that the classes below Throwable declare and that may be accessed. */
  private static List<FieldSlot> ownFields(Class<?> type) {
    List<FieldSlot> fields = new ArrayList<>();
    for (Class<?> c = type; c != null && !ClassKinds.isJdk(c); c = c.getSuperclass()) {
      try {
        fields.addAll(FieldSlot.declaredBy(c));
      } catch (InaccessibleObjectException | LinkageError e) {
        // A module that is not open: those fields stay behind.
      }
    }
    return fields;
  }

  private static boolean hasClosedFields(Class<?> type) {
    for (Class<?> c = type; c != null && c != Throwable.class; c = c.getSuperclass()) {
      if (!ClassKinds.isJdk(c)) {
        continue;
      }
      for (Field field : c.getDeclaredFields()) {
        int modifiers = field.getModifiers();
        if (!Modifier.isStatic(modifiers) && !Modifier.isTransient(modifiers)) {
          return true;
        }
      }
    }
    return false;
  }
}
