// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.KryoException;
import java.io.InvalidClassException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.net.HttpRetryException;
import java.net.URISyntaxException;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.UnmappableCharacterException;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.text.ParseException;
import java.time.format.DateTimeParseException;
import java.util.DuplicateFormatFlagsException;
import java.util.FormatFlagsConversionMismatchException;
import java.util.HashMap;
import java.util.IllegalFormatCodePointException;
import java.util.IllegalFormatConversionException;
import java.util.IllegalFormatFlagsException;
import java.util.IllegalFormatPrecisionException;
import java.util.IllegalFormatWidthException;
import java.util.IllformedLocaleException;
import java.util.List;
import java.util.Map;
import java.util.MissingFormatArgumentException;
import java.util.MissingFormatWidthException;
import java.util.MissingResourceException;
import java.util.UnknownFormatConversionException;
import java.util.UnknownFormatFlagsException;
import java.util.function.Function;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's exceptions with fields that only a constructor sets, and that can be read again: which
 * constructor, and with what. A class that extends one of them is made by the same constructor,
 * past its own. Immutable.
 */
final class ClosedThrowables {
  /** The place of the cause among the arguments, for classes that take it in no other way. */
  private static final Object CAUSE = new Object();

  /** The place of the message, which a subclass may have added to. */
  private static final Object MESSAGE = new Object();

  private static final String SQL = "java.sql.";
  private static final Map<Class<?>, Form> FORMS = forms();

  private ClosedThrowables() {}

  /**
   * How throwables of one class are made.
   *
   * @param constructor of the class that is known, which {@code type} is or extends
   * @param arguments what to make an equal one with
   */
  record Form(Constructor<?> constructor, Function<Throwable, @Nullable Object[]> arguments) {
    boolean takesCause() {
      return List.of(constructor.getParameterTypes()).contains(Throwable.class);
    }

    /** What crosses of {@code thrown}; its cause, which crosses by itself, is null here. */
    @Nullable Object[] argumentsOf(Throwable thrown, @Nullable String message) {
      @Nullable Object[] values = arguments.apply(thrown);
      for (int i = 0; i < values.length; i++) {
        if (values[i] == CAUSE) {
          values[i] = null;
        } else if (values[i] == MESSAGE) {
          values[i] = message;
        }
      }
      return values;
    }

    /**
     * The same with the cause in its place.
     *
     * @throws KryoException if there are too few or too many
     */
    @Nullable Object[] withCause(@Nullable Object[] values, @Nullable Throwable cause) {
      Class<?>[] types = constructor.getParameterTypes();
      if (values.length != types.length) {
        throw new KryoException(values.length + " arguments for " + constructor);
      }
      @Nullable Object[] complete = values.clone();
      for (int i = 0; i < types.length; i++) {
        if (types[i] == Throwable.class) {
          complete[i] = cause;
        }
      }
      return complete;
    }
  }

  /** The form of the nearest class that is known; null if there is none. */
  static @Nullable Form of(Class<?> type) {
    for (Class<?> c = type; c != null && c != Throwable.class; c = c.getSuperclass()) {
      Form form = c.getName().startsWith(SQL) ? Sql.FORMS.get(c) : FORMS.get(c);
      if (form != null) {
        return form;
      }
    }
    return null;
  }

  private static <T extends Throwable> void put(
      Map<Class<?>, Form> forms,
      Class<T> type,
      Function<T, @Nullable Object[]> arguments,
      Class<?>... parameters) {
    try {
      forms.put(
          type,
          new Form(type.getConstructor(parameters), thrown -> arguments.apply(type.cast(thrown))));
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e); // all of them are public API
    }
  }

  private static @Nullable Object[] of(@Nullable Object... values) {
    return values;
  }

  private static Map<Class<?>, Form> forms() {
    Map<Class<?>, Form> forms = new HashMap<>();
    Class<String> text = String.class;
    put(forms, InvocationTargetException.class, e -> of(CAUSE, MESSAGE), Throwable.class, text);
    put(forms, TypeNotPresentException.class, e -> of(e.typeName(), CAUSE), text, Throwable.class);
    put(
        forms,
        InvalidClassException.class,
        e -> of(e.classname, afterPrefix(e.getMessage(), e.classname, "; ")),
        text,
        text);
    put(
        forms,
        HttpRetryException.class,
        e -> of(e.getReason(), e.responseCode(), e.getLocation()),
        text,
        int.class,
        text);
    put(
        forms,
        URISyntaxException.class,
        e -> of(e.getInput(), e.getReason(), e.getIndex()),
        text,
        text,
        int.class);
    put(
        forms,
        InvalidPathException.class,
        e -> of(e.getInput(), e.getReason(), e.getIndex()),
        text,
        text,
        int.class);
    put(
        forms,
        PatternSyntaxException.class,
        e -> of(e.getDescription(), e.getPattern(), e.getIndex()),
        text,
        text,
        int.class);
    put(
        forms,
        FileSystemException.class,
        e -> of(e.getFile(), e.getOtherFile(), e.getReason()),
        text,
        text,
        text);
    put(forms, UserPrincipalNotFoundException.class, e -> of(e.getName()), text);
    put(forms, IllegalCharsetNameException.class, e -> of(e.getCharsetName()), text);
    put(forms, UnsupportedCharsetException.class, e -> of(e.getCharsetName()), text);
    put(forms, MalformedInputException.class, e -> of(e.getInputLength()), int.class);
    put(forms, UnmappableCharacterException.class, e -> of(e.getInputLength()), int.class);
    put(forms, ParseException.class, e -> of(MESSAGE, e.getErrorOffset()), text, int.class);
    put(
        forms,
        DateTimeParseException.class,
        e -> of(MESSAGE, e.getParsedString(), e.getErrorIndex()),
        text,
        CharSequence.class,
        int.class);
    put(
        forms,
        MissingResourceException.class,
        e -> of(MESSAGE, e.getClassName(), e.getKey()),
        text,
        text,
        text);
    putLocaleAndFormats(forms);
    return Map.copyOf(forms);
  }

  private static void putLocaleAndFormats(Map<Class<?>, Form> forms) {
    Class<String> text = String.class;
    put(
        forms,
        IllformedLocaleException.class,
        e -> of(beforeSuffix(e.getMessage(), e.getErrorIndex()), e.getErrorIndex()),
        text,
        int.class);
    put(forms, DuplicateFormatFlagsException.class, e -> of(e.getFlags()), text);
    put(
        forms,
        FormatFlagsConversionMismatchException.class,
        e -> of(e.getFlags(), e.getConversion()),
        text,
        char.class);
    put(forms, IllegalFormatCodePointException.class, e -> of(e.getCodePoint()), int.class);
    put(
        forms,
        IllegalFormatConversionException.class,
        e -> of(e.getConversion(), e.getArgumentClass()),
        char.class,
        Class.class);
    put(forms, IllegalFormatFlagsException.class, e -> of(e.getFlags()), text);
    put(forms, IllegalFormatPrecisionException.class, e -> of(e.getPrecision()), int.class);
    put(forms, IllegalFormatWidthException.class, e -> of(e.getWidth()), int.class);
    put(forms, MissingFormatArgumentException.class, e -> of(e.getFormatSpecifier()), text);
    put(forms, MissingFormatWidthException.class, e -> of(e.getFormatSpecifier()), text);
    put(forms, UnknownFormatConversionException.class, e -> of(e.getConversion()), text);
    put(forms, UnknownFormatFlagsException.class, e -> of(e.getFlags()), text);
  }

  /** The reason in {@code class; reason}. */
  private static @Nullable String afterPrefix(
      @Nullable String message, @Nullable String prefix, String separator) {
    String start = prefix + separator;
    return message != null && message.startsWith(start)
        ? message.substring(start.length())
        : message;
  }

  /** The text in {@code text [at index 3]}. */
  private static @Nullable String beforeSuffix(@Nullable String message, int index) {
    String end = " [at index " + index + "]";
    return message != null && message.endsWith(end)
        ? message.substring(0, message.length() - end.length())
        : message;
  }

  /** The module java.sql may be missing: loaded only once an exception of it has been met. */
  private static final class Sql {
    private static final Map<Class<?>, Form> FORMS = sqlForms();

    private static Map<Class<?>, Form> sqlForms() {
      Map<Class<?>, Form> forms = new HashMap<>();
      Class<String> text = String.class;
      put(
          forms,
          SQLException.class,
          e -> of(MESSAGE, e.getSQLState(), e.getErrorCode()),
          text,
          text,
          int.class);
      put(
          forms,
          BatchUpdateException.class,
          e -> of(MESSAGE, e.getSQLState(), e.getErrorCode(), e.getLargeUpdateCounts(), CAUSE),
          text,
          text,
          int.class,
          long[].class,
          Throwable.class);
      return Map.copyOf(forms);
    }
  }
}
