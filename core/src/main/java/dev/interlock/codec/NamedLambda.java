// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.KryoException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A task that is a lambda or method reference and has captured nothing, by the names that its
 * {@link SerializedLambda} consists of. Neither side needs Kryo for it: a new process would take
 * longer to set that up than to run its first task. Immutable.
 *
 * @param capturing the class that has made it, by its internal name, as all names here
 * @param interfaceName the functional interface
 * @param method the method of that interface
 * @param methodType and its type
 * @param kind the kind of {@link MethodHandleInfo} of what it calls
 * @param implementor the class of what it calls
 * @param body the name of what it calls
 * @param bodyType and its type
 * @param instantiatedType the type of the interface's method here
 */
record NamedLambda(
    String capturing,
    String interfaceName,
    String method,
    String methodType,
    int kind,
    String implementor,
    String body,
    String bodyType,
    String instantiatedType) {

  static NamedLambda of(SerializedLambda form) {
    return new NamedLambda(
        form.getCapturingClass(),
        form.getFunctionalInterfaceClass(),
        form.getFunctionalInterfaceMethodName(),
        form.getFunctionalInterfaceMethodSignature(),
        form.getImplMethodKind(),
        form.getImplClass(),
        form.getImplMethodName(),
        form.getImplMethodSignature(),
        form.getInstantiatedMethodType());
  }

  /** The bytes of it, after {@code first}. */
  byte[] toBytes(byte first) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(bytes);
    try {
      data.writeByte(first);
      data.writeUTF(capturing);
      data.writeUTF(interfaceName);
      data.writeUTF(method);
      data.writeUTF(methodType);
      data.writeByte(kind);
      data.writeUTF(implementor);
      data.writeUTF(body);
      data.writeUTF(bodyType);
      data.writeUTF(instantiatedType);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * What {@link #toBytes} has made.
   *
   * @throws IOException if it has not
   */
  static NamedLambda read(byte[] bytes) throws IOException {
    ByteArrayInputStream source = new ByteArrayInputStream(bytes, 1, bytes.length - 1);
    DataInputStream data = new DataInputStream(source);
    NamedLambda lambda =
        new NamedLambda(
            data.readUTF(),
            data.readUTF(),
            data.readUTF(),
            data.readUTF(),
            data.readByte(),
            data.readUTF(),
            data.readUTF(),
            data.readUTF(),
            data.readUTF());
    if (source.available() > 0) {
      throw new IOException(source.available() + " bytes are left over");
    }
    return lambda;
  }

  /**
   * The lambda itself.
   *
   * @throws KryoException if the class is not here, not allowed, or has no such lambda
   */
  Object make(ClassNames names) {
    Class<?> maker = maker(names);
    SerializedLambda form =
        new SerializedLambda(
            maker,
            interfaceName,
            method,
            methodType,
            kind,
            implementor,
            body,
            bodyType,
            instantiatedType,
            new Object[0]);
    return SerializationMethods.invoke(LambdaSerializer.deserializer(maker), maker, form);
  }

  private Class<?> maker(ClassNames names) {
    names.check(LambdaSerializer.NAME);
    return names.resolve(capturing.replace('/', '.'));
  }

  /**
   * Something that does the same, for once: it calls the body, which is there, where the lambda's
   * class would have to be made. Null if that cannot be done.
   *
   * @throws KryoException if the class is not here, or not allowed
   */
  @Nullable Callable<?> direct(ClassNames names) {
    if (kind != MethodHandleInfo.REF_invokeStatic
        || !implementor.equals(capturing)
        || !method.equals("call")
        || !bodyType.startsWith("()L")) {
      return null;
    }
    Class<?> maker = maker(names);
    try {
      MethodHandle handle =
          MethodHandles.privateLookupIn(maker, MethodHandles.lookup())
              .findStatic(
                  maker,
                  body,
                  MethodType.fromMethodDescriptorString(bodyType, maker.getClassLoader()));
      return new Direct(handle.asType(MethodType.methodType(Object.class)));
    } catch (ReflectiveOperationException
        | LinkageError
        | TypeNotPresentException
        | IllegalArgumentException e) {
      return null; // to make the lambda fails too, and says why
    }
  }

  /** Calls the body of a lambda. */
  private static final class Direct implements Callable<@Nullable Object> {
    private final MethodHandle body;

    Direct(MethodHandle body) {
      this.body = body;
    }

    @Override
    public @Nullable Object call() {
      try {
        return (Object) body.invokeExact();
      } catch (Throwable e) {
        throw Direct.<RuntimeException>asIs(e);
      }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // T is not there at run time
    private static <T extends Throwable> T asIs(Throwable thrown) throws T {
      throw (T) thrown;
    }
  }
}
