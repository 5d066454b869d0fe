// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import com.esotericsoftware.kryo.kryo5.serializers.DefaultSerializers;
import java.net.URL;
import java.util.regex.Pattern;

/** Values that can cost the reader dearly, and that a distrusted side must therefore not send. */
final class GuardedSerializers {
  private GuardedSerializers() {}

  /** The hash code of a URL asks the name service: as a key it makes the reader connect. */
  static final class OfUrl extends Serializer<URL> {
    private final DefaultSerializers.URLSerializer plain = new DefaultSerializers.URLSerializer();

    @Override
    public void write(Kryo kryo, Output output, URL url) {
      ((CodecKryo) kryo)
          .refuseUnlessTrusted("java.net.URL", "A URL, whose hash code asks the name service,");
      plain.write(kryo, output, url);
    }

    @Override
    public URL read(Kryo kryo, Input input, Class<? extends URL> type) {
      if (((CodecKryo) kryo).budget() != null) {
        throw new KryoException("A URL is not accepted in a result: return a URI instead");
      }
      return plain.read(kryo, input, URL.class);
    }
  }

  /** Compiling one takes much more memory than its text, and by canonical equivalence for ever. */
  static final class OfPattern extends Serializer<Pattern> {
    private static final int MOST_CHARS = 16 * 1024;

    /** What a compiled pattern takes per character of its text, roughly. */
    private static final long MEMORY_PER_CHAR = 100;

    @Override
    public void write(Kryo kryo, Output output, Pattern pattern) {
      if (pattern.pattern().length() > MOST_CHARS || (pattern.flags() & Pattern.CANON_EQ) != 0) {
        ((CodecKryo) kryo)
            .refuseUnlessTrusted(
                "java.util.regex.Pattern", "A long pattern, or one of canonical equivalence,");
      }
      output.writeString(pattern.pattern());
      output.writeVarInt(pattern.flags(), true);
    }

    @Override
    public Pattern read(Kryo kryo, Input input, Class<? extends Pattern> type) {
      String text = ValueSerializers.text(input);
      int flags = input.readVarInt(true);
      DecodeBudget budget = ((CodecKryo) kryo).budget();
      if (budget != null) {
        if (text.length() > MOST_CHARS || (flags & Pattern.CANON_EQ) != 0) {
          throw new KryoException(
              "A long pattern, or one of canonical equivalence, is not accepted in a result: return"
                  + " its text");
        }
        budget.allocate(MEMORY_PER_CHAR * text.length());
      }
      return Pattern.compile(text, flags);
    }
  }
}
