// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.TaskBiFunction;
import dev.interlock.TaskFunction;
import dev.interlock.codec.TaskCodec;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A function and its arguments, taken on the caller's side. */
final class Call implements Work {
  private final byte[] function;
  private final Parcel[] arguments;

  /**
   * Encodes the function and takes the arguments.
   *
   * @throws dev.interlock.NotShareableException if one cannot cross
   */
  Call(TaskCodec sender, Object function, @Nullable Object... arguments) {
    this.function = sender.encode(function);
    this.arguments = new Parcel[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      this.arguments[i] = Shareable.packOrEncode(arguments[i], sender);
    }
  }

  @Override
  public Reply run(InterpreterState state) {
    TaskCodec codec = state.codec();
    Object callee;
    @Nullable Object[] values = new Object[arguments.length];
    try {
      callee = codec.decode(function);
      for (int i = 0; i < values.length; i++) {
        values[i] = arguments[i].unpack(codec);
      }
    } catch (RuntimeException e) { // UndecodableException
      return Reply.failed(e, codec);
    }
    Object result;
    try {
      result = apply(callee, values);
    } catch (Throwable e) { // the task's own
      return Reply.Thrown.of(e);
    }
    return Reply.of(result, codec);
  }

  @SuppressWarnings("unchecked") // the compiler has checked the call
  private static @Nullable Object apply(@Nullable Object callee, @Nullable Object[] values)
      throws Exception {
    if (callee instanceof Callable<?> task) {
      return task.call();
    } else if (callee instanceof Runnable action) {
      action.run();
      return null;
    } else if (callee instanceof TaskFunction<?, ?> one) {
      return ((TaskFunction<@Nullable Object, @Nullable Object>) one).apply(values[0]);
    } else if (callee instanceof TaskBiFunction<?, ?, ?> two) {
      return ((TaskBiFunction<@Nullable Object, @Nullable Object, @Nullable Object>) two)
          .apply(values[0], values[1]);
    }
    throw new IllegalStateException("cannot be called: " + callee);
  }
}
