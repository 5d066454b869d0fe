// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import dev.interlock.TaskFuture;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The {@link CompletionStage} side of a future that is none itself: a {@link CompletableFuture} is
 * made for each dependent stage, when somebody asks for one. Most tasks are only waited for, and
 * need not carry what dependents need. Stages belong to no executor. Thread-safe.
 *
 * @param <T> the type of the result
 */
abstract class DependentStages<T extends @Nullable Object> implements TaskFuture<T> {

  /** A new future that is completed when this one is; in the caller, if that is so already. */
  abstract CompletableFuture<T> stage();

  /** A future of its own: completing it does not complete the task. */
  @Override
  public final CompletableFuture<T> toCompletableFuture() {
    return stage().copy();
  }

  @Override
  public final CompletionStage<T> exceptionally(Function<Throwable, ? extends T> fn) {
    return stage().exceptionally(fn);
  }

  @Override
  public final <U extends @Nullable Object> CompletionStage<U> thenApply(
      Function<? super T, ? extends U> fn) {
    return stage().thenApply(fn);
  }

  @Override
  public final <U extends @Nullable Object> CompletionStage<U> thenApplyAsync(
      Function<? super T, ? extends U> fn) {
    return stage().thenApplyAsync(fn);
  }

  @Override
  public final <U extends @Nullable Object> CompletionStage<U> thenApplyAsync(
      Function<? super T, ? extends U> fn, Executor executor) {
    return stage().thenApplyAsync(fn, executor);
  }

  @Override
  public final CompletionStage<@Nullable Void> thenAccept(Consumer<? super T> action) {
    return stage().thenAccept(action);
  }

  @Override
  public final CompletionStage<@Nullable Void> thenAcceptAsync(Consumer<? super T> action) {
    return stage().thenAcceptAsync(action);
  }

  @Override
  public final CompletionStage<@Nullable Void> thenAcceptAsync(
      Consumer<? super T> action, Executor executor) {
    return stage().thenAcceptAsync(action, executor);
  }

  @Override
  public final CompletionStage<@Nullable Void> thenRun(Runnable action) {
    return stage().thenRun(action);
  }

  @Override
  public final CompletionStage<@Nullable Void> thenRunAsync(Runnable action) {
    return stage().thenRunAsync(action);
  }

  @Override
  public final CompletionStage<@Nullable Void> thenRunAsync(Runnable action, Executor executor) {
    return stage().thenRunAsync(action, executor);
  }

  @Override
  public final <U extends @Nullable Object, V extends @Nullable Object>
      CompletionStage<V> thenCombine(
          CompletionStage<? extends U> other, BiFunction<? super T, ? super U, ? extends V> fn) {
    return stage().thenCombine(other, fn);
  }

  @Override
  public final <U extends @Nullable Object, V extends @Nullable Object>
      CompletionStage<V> thenCombineAsync(
          CompletionStage<? extends U> other, BiFunction<? super T, ? super U, ? extends V> fn) {
    return stage().thenCombineAsync(other, fn);
  }

  @Override
  public final <U extends @Nullable Object, V extends @Nullable Object>
      CompletionStage<V> thenCombineAsync(
          CompletionStage<? extends U> other,
          BiFunction<? super T, ? super U, ? extends V> fn,
          Executor executor) {
    return stage().thenCombineAsync(other, fn, executor);
  }

  @Override
  public final <U extends @Nullable Object> CompletionStage<@Nullable Void> thenAcceptBoth(
      CompletionStage<? extends U> other, BiConsumer<? super T, ? super U> action) {
    return stage().thenAcceptBoth(other, action);
  }

  @Override
  public final <U extends @Nullable Object> CompletionStage<@Nullable Void> thenAcceptBothAsync(
      CompletionStage<? extends U> other, BiConsumer<? super T, ? super U> action) {
    return stage().thenAcceptBothAsync(other, action);
  }

  @Override
  public final <U extends @Nullable Object> CompletionStage<@Nullable Void> thenAcceptBothAsync(
      CompletionStage<? extends U> other,
      BiConsumer<? super T, ? super U> action,
      Executor executor) {
    return stage().thenAcceptBothAsync(other, action, executor);
  }

  @Override
  public final CompletionStage<@Nullable Void> runAfterBoth(
      CompletionStage<?> other, Runnable action) {
    return stage().runAfterBoth(other, action);
  }

  @Override
  public final CompletionStage<@Nullable Void> runAfterBothAsync(
      CompletionStage<?> other, Runnable action) {
    return stage().runAfterBothAsync(other, action);
  }

  @Override
  public final CompletionStage<@Nullable Void> runAfterBothAsync(
      CompletionStage<?> other, Runnable action, Executor executor) {
    return stage().runAfterBothAsync(other, action, executor);
  }

  @Override
  public final <U extends @Nullable Object> CompletionStage<U> applyToEither(
      CompletionStage<? extends T> other, Function<? super T, U> fn) {
    return stage().applyToEither(other, fn);
  }

  @Override
  public final <U extends @Nullable Object> CompletionStage<U> applyToEitherAsync(
      CompletionStage<? extends T> other, Function<? super T, U> fn) {
    return stage().applyToEitherAsync(other, fn);
  }

  @Override
  public final <U extends @Nullable Object> CompletionStage<U> applyToEitherAsync(
      CompletionStage<? extends T> other, Function<? super T, U> fn, Executor executor) {
    return stage().applyToEitherAsync(other, fn, executor);
  }

  @Override
  public final CompletionStage<@Nullable Void> acceptEither(
      CompletionStage<? extends T> other, Consumer<? super T> action) {
    return stage().acceptEither(other, action);
  }

  @Override
  public final CompletionStage<@Nullable Void> acceptEitherAsync(
      CompletionStage<? extends T> other, Consumer<? super T> action) {
    return stage().acceptEitherAsync(other, action);
  }

  @Override
  public final CompletionStage<@Nullable Void> acceptEitherAsync(
      CompletionStage<? extends T> other, Consumer<? super T> action, Executor executor) {
    return stage().acceptEitherAsync(other, action, executor);
  }

  @Override
  public final CompletionStage<@Nullable Void> runAfterEither(
      CompletionStage<?> other, Runnable action) {
    return stage().runAfterEither(other, action);
  }

  @Override
  public final CompletionStage<@Nullable Void> runAfterEitherAsync(
      CompletionStage<?> other, Runnable action) {
    return stage().runAfterEitherAsync(other, action);
  }

  @Override
  public final CompletionStage<@Nullable Void> runAfterEitherAsync(
      CompletionStage<?> other, Runnable action, Executor executor) {
    return stage().runAfterEitherAsync(other, action, executor);
  }

  @Override
  public final <U extends @Nullable Object> CompletionStage<U> thenCompose(
      Function<? super T, ? extends CompletionStage<U>> fn) {
    return stage().thenCompose(fn);
  }

  @Override
  public final <U extends @Nullable Object> CompletionStage<U> thenComposeAsync(
      Function<? super T, ? extends CompletionStage<U>> fn) {
    return stage().thenComposeAsync(fn);
  }

  @Override
  public final <U extends @Nullable Object> CompletionStage<U> thenComposeAsync(
      Function<? super T, ? extends CompletionStage<U>> fn, Executor executor) {
    return stage().thenComposeAsync(fn, executor);
  }

  @Override
  public final <U extends @Nullable Object> CompletionStage<U> handle(
      BiFunction<? super T, @Nullable Throwable, ? extends U> fn) {
    return stage().handle(fn);
  }

  @Override
  public final <U extends @Nullable Object> CompletionStage<U> handleAsync(
      BiFunction<? super T, @Nullable Throwable, ? extends U> fn) {
    return stage().handleAsync(fn);
  }

  @Override
  public final <U extends @Nullable Object> CompletionStage<U> handleAsync(
      BiFunction<? super T, @Nullable Throwable, ? extends U> fn, Executor executor) {
    return stage().handleAsync(fn, executor);
  }

  @Override
  public final CompletionStage<T> whenComplete(
      BiConsumer<? super T, ? super @Nullable Throwable> action) {
    return stage().whenComplete(action);
  }

  @Override
  public final CompletionStage<T> whenCompleteAsync(
      BiConsumer<? super T, ? super @Nullable Throwable> action) {
    return stage().whenCompleteAsync(action);
  }

  @Override
  public final CompletionStage<T> whenCompleteAsync(
      BiConsumer<? super T, ? super @Nullable Throwable> action, Executor executor) {
    return stage().whenCompleteAsync(action, executor);
  }
}
