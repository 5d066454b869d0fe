// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.io.Serializable;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Serializable lambdas and method references: the fields of their {@link SerializedLambda}, and on
 * the other side the {@code $deserializeLambda$} that javac put into the class that made them. Both
 * are reached without opening any JDK package.
 */
final class LambdaSerializer extends Serializer<Object> {

  /** The class that all lambdas are written as: their own exist in one JVM only. */
  static final class Lambda {
    private Lambda() {}
  }

  /** The name under which the class policy is asked whether lambdas are allowed at all. */
  static final String NAME = "java.lang.invoke.SerializedLambda";

  /** For messages only. */
  private static final class Names {
    /** What javac calls the method of a lambda: method, for serializable ones a hash, a number. */
    static final Pattern COMPILED = Pattern.compile("lambda\\$(.+?)(\\$[0-9a-f]+)?\\$\\d+");
  }

  private final Map<Class<?>, Method> writeReplaces = new HashMap<>();
  private final Map<Class<?>, Method> deserializers = new HashMap<>();

  /** The internal names of classes that the policy has been told of. */
  private final Set<String> told = new HashSet<>();

  private final JavaSerializer javaSerializer = new JavaSerializer();

  @Override
  public void write(Kryo kryo, Output output, Object lambda) {
    Class<?> type = lambda.getClass();
    if (!(lambda instanceof Serializable)) {
      throw new EncodeRefusal(
          TypeNames.of(type) + " as " + interfaceOf(type),
          "This lambda is not serializable: declare it as a Task, Action or TaskFunction, or cast it"
              + " to (Runnable & Serializable) or the like.",
          null);
    }
    CodecKryo codecKryo = (CodecKryo) kryo;
    codecKryo.refuseUnlessTrusted(TypeNames.of(type), "A lambda");
    boolean closed = ClassKinds.isJdk(type);
    output.writeBoolean(closed);
    if (closed) { // Comparator.comparing and its like.
      javaSerializer.write(kryo, output, lambda);
    } else {
      codecKryo.beginUnfinished(lambda);
      SerializedLambda form = form(lambda);
      tell(codecKryo.policy(), form.getCapturingClass());
      tell(codecKryo.policy(), form.getImplClass());
      writeForm(kryo, output, form);
      codecKryo.endUnfinished();
    }
  }

  @Override
  public Object read(Kryo kryo, Input input, Class<? extends Object> type) {
    if (input.readBoolean()) {
      return javaSerializer.read(kryo, input, type);
    }
    ClassNames names = ((CodecKryo) kryo).names();
    names.check(NAME);
    Class<?> capturing = names.resolve(String.valueOf(input.readString()).replace('/', '.'));
    SerializedLambda form = readForm(kryo, input, capturing);
    Method deserializer = deserializers.get(capturing);
    if (deserializer == null) {
      deserializer = deserializer(capturing);
      deserializers.put(capturing, deserializer);
    }
    return SerializationMethods.invoke(deserializer, capturing, form);
  }

  private void tell(ClassPolicy policy, String internalName) {
    if (told.add(internalName)) {
      policy.sent(internalName.replace('/', '.'));
    }
  }

  private SerializedLambda form(Object lambda) {
    Method writeReplace =
        writeReplaces.computeIfAbsent(lambda.getClass(), LambdaSerializer::writeReplace);
    return (SerializedLambda) SerializationMethods.invoke(writeReplace, lambda);
  }

  private static void writeForm(Kryo kryo, Output output, SerializedLambda form) {
    output.writeString(form.getCapturingClass());
    output.writeString(form.getFunctionalInterfaceClass());
    output.writeString(form.getFunctionalInterfaceMethodName());
    output.writeString(form.getFunctionalInterfaceMethodSignature());
    output.writeByte(form.getImplMethodKind());
    output.writeString(form.getImplClass());
    output.writeString(form.getImplMethodName());
    output.writeString(form.getImplMethodSignature());
    output.writeString(form.getInstantiatedMethodType());
    int arguments = form.getCapturedArgCount();
    output.writeVarInt(arguments, true);
    for (int i = 0; i < arguments; i++) {
      Object argument = form.getCapturedArg(i);
      try {
        kryo.writeClassAndObject(output, argument);
      } catch (RuntimeException e) {
        throw EncodeRefusal.at(EncodeRefusal.ARROW + describe(form, i), argument, e);
      }
    }
  }

  private static SerializedLambda readForm(Kryo kryo, Input input, Class<?> capturing) {
    String interfaceClass = input.readString();
    String interfaceMethod = input.readString();
    String interfaceSignature = input.readString();
    int kind = input.readByte();
    String implClass = input.readString();
    String implMethod = input.readString();
    String implSignature = input.readString();
    String instantiatedType = input.readString();
    @Nullable Object[] arguments = CollectionSerializer.readElements(kryo, input);
    return new SerializedLambda(
        capturing,
        interfaceClass,
        interfaceMethod,
        interfaceSignature,
        kind,
        implClass,
        implMethod,
        implSignature,
        instantiatedType,
        arguments);
  }

  /** {@code lambda in Foo.bar, captured argument 1}. */
  private static String describe(SerializedLambda form, int argument) {
    String name = form.getImplMethodName();
    String type = TypeNames.ofInternalName(form.getImplClass());
    boolean lambda = name.startsWith("lambda$");
    String made;
    if (lambda) {
      String method = Names.COMPILED.matcher(name).replaceFirst("$1");
      made = "lambda in " + type + "." + (method.equals("new") ? "<init>" : method);
    } else {
      made = "method reference " + type + "::" + name;
    }
    boolean instance =
        form.getImplMethodKind() != MethodHandleInfo.REF_invokeStatic
            && form.getImplMethodKind() != MethodHandleInfo.REF_newInvokeSpecial;
    if (instance && argument == 0) {
      return made + (lambda ? ", captured this" : ", its receiver");
    }
    return made + ", captured argument " + (instance ? argument : argument + 1);
  }

  private static String interfaceOf(Class<?> type) {
    Class<?>[] interfaces = type.getInterfaces();
    return interfaces.length == 0 ? "a function" : interfaces[0].getTypeName();
  }

  private static Method writeReplace(Class<?> type) {
    return declared(type, "writeReplace");
  }

  /** What a lambda, which is serializable, consists of. */
  static SerializedLambda formOf(Object lambda) {
    return (SerializedLambda) SerializationMethods.invoke(writeReplace(lambda.getClass()), lambda);
  }

  static Method deserializer(Class<?> capturing) {
    return declared(capturing, "$deserializeLambda$", SerializedLambda.class);
  }

  private static Method declared(Class<?> type, String name, Class<?>... parameters) {
    try {
      Method method = type.getDeclaredMethod(name, parameters);
      method.setAccessible(true);
      return method;
    } catch (NoSuchMethodException e) {
      throw new KryoException(type.getName() + " has no " + name + ": is it the same version?", e);
    }
  }
}
