// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.Action;
import dev.interlock.NotShareableException;
import dev.interlock.Task;
import dev.interlock.TaskBiFunction;
import dev.interlock.TaskFunction;
import java.io.Serializable;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class LambdaTest {
  private static int ran;

  private final TaskCodec codec = new TaskCodec(LambdaTest.class.getClassLoader());

  @SuppressWarnings("unchecked")
  private <T> T roundTrip(T value) {
    return (T) codec.decode(codec.encode(value));
  }

  @Test
  void lambdasOfEveryTaskType() throws Exception {
    int n = 20;
    String text = "captured";
    Task<String> task = () -> text + n;
    Action action = () -> ran++;
    TaskFunction<Integer, Integer> function = x -> x * n;
    TaskBiFunction<Integer, Integer, Integer> biFunction = (a, b) -> a + b + n;
    assertThat(roundTrip(task).call()).isEqualTo("captured20");
    ran = 0;
    roundTrip(action).run();
    assertThat(ran).isEqualTo(1);
    assertThat(roundTrip(function).apply(2)).isEqualTo(40);
    assertThat(roundTrip(biFunction).apply(1, 2)).isEqualTo(23);
  }

  @Test
  void methodReferencesOfEveryKind() throws Exception {
    StringBuilder receiver = new StringBuilder("bound");
    TaskFunction<Object, String> toStatic = String::valueOf;
    TaskFunction<String, Integer> unbound = String::length;
    Task<String> bound = receiver::toString;
    TaskFunction<List<Integer>, List<Integer>> constructor = ArrayList::new;
    TaskFunction<Integer, int[]> array = int[]::new;
    assertThat(roundTrip(toStatic).apply(5)).isEqualTo("5");
    assertThat(roundTrip(unbound).apply("four")).isEqualTo(4);
    assertThat(roundTrip(bound).call()).isEqualTo("bound");
    assertThat(roundTrip(constructor).apply(List.of(1))).containsExactly(1);
    assertThat(roundTrip(array).apply(3)).hasSize(3);
  }

  @Test
  void capturesOfEveryPrimitiveType() throws Exception {
    boolean z = true;
    byte b = 1;
    char c = 'c';
    short s = 2;
    int i = 3;
    long l = 4;
    float f = 5;
    double d = 6;
    Task<String> task = () -> "" + z + b + c + s + i + l + f + d;
    assertThat(roundTrip(task).call()).isEqualTo(task.call());
  }

  @Test
  void lambdasWithinLambdasAndGraphs() throws Exception {
    TaskFunction<Integer, Integer> inner = x -> x + 1;
    TaskFunction<Integer, Integer> twice = x -> inner.apply(inner.apply(x));
    Task<Integer> outer = () -> twice.apply(40);
    assertThat(roundTrip(outer).call()).isEqualTo(42);
    Map<String, Object> graph = new HashMap<>(Map.of("f", twice, "list", List.of(outer, twice)));
    Map<String, Object> back = roundTrip(graph);
    assertThat(((List<?>) back.get("list")).get(1)).isSameAs(back.get("f"));
  }

  @Test
  void sharedCapturesStayShared() throws Exception {
    AtomicInteger counter = new AtomicInteger();
    Task<Integer> first = counter::incrementAndGet;
    Task<Integer> second = () -> counter.addAndGet(10);
    List<Task<Integer>> back = roundTrip(new ArrayList<>(List.of(first, second)));
    assertThat(back.get(0).call()).isEqualTo(1);
    assertThat(back.get(1).call()).isEqualTo(11);
    assertThat(counter).hasValue(0);
  }

  @Test
  void jdkComparatorsCross() {
    Comparator<Map.Entry<String, Integer>> byKey = Map.Entry.comparingByKey();
    Comparator<String> composed =
        Comparator.comparing((Function<String, Integer> & Serializable) String::length)
            .thenComparing(Comparator.reverseOrder());
    assertThat(roundTrip(byKey).compare(Map.entry("a", 1), Map.entry("b", 1))).isNegative();
    assertThat(roundTrip(composed).compare("a", "b")).isPositive();
  }

  @Test
  void lambdaThatIsNotSerializable() {
    Supplier<String> supplier = () -> "plain";
    assertThatThrownBy(() -> codec.encode(supplier))
        .isInstanceOf(NotShareableException.class)
        .hasMessageContaining("Task, Action or TaskFunction")
        .hasMessageContaining("lambda of " + LambdaTest.class.getName())
        .hasMessageContaining(Supplier.class.getName());
    Task<String> task = () -> supplier.get();
    assertThatThrownBy(() -> codec.encode(task))
        .isInstanceOf(NotShareableException.class)
        .hasMessageContaining(
            "lambda in LambdaTest.lambdaThatIsNotSerializable, captured argument 1: lambda of");
  }

  static final class Client {
    final Socket socket = new Socket();
    final int port = 80;

    Task<Integer> task() {
      return () -> port;
    }

    Integer port() {
      return port;
    }
  }

  static final class Job {
    final Client client = new Client();
    Task<Integer> task;
  }

  @Test
  void pathThroughCaptures() {
    Client client = new Client();
    int first = 1;
    Task<Integer> captured = () -> first + client.port;
    assertThat(path(captured))
        .isEqualTo(
            "lambda in LambdaTest.pathThroughCaptures, captured argument 2.socket:"
                + " java.net.Socket");
    assertThat(path(client.task()))
        .isEqualTo("lambda in LambdaTest.Client.task, captured this.socket: java.net.Socket");
    Task<Integer> reference = client::port;
    assertThat(path(reference))
        .isEqualTo(
            "method reference LambdaTest.Client::port, its receiver.socket: java.net.Socket");
    Job job = new Job();
    assertThat(path(job)).isEqualTo("LambdaTest.Job.client.socket: java.net.Socket");
    Task<Integer> nested = () -> captured.call();
    assertThat(path(nested))
        .isEqualTo(
            "lambda in LambdaTest.pathThroughCaptures, captured argument 1 -> lambda in"
                + " LambdaTest.pathThroughCaptures, captured argument 2.socket: java.net.Socket");
    Object[] array = {1, reference};
    assertThat(path(array))
        .isEqualTo(
            "Object[1] -> method reference LambdaTest.Client::port, its receiver.socket:"
                + " java.net.Socket");
  }

  private String path(Object value) {
    try {
      codec.encode(value);
    } catch (NotShareableException e) {
      return e.path();
    }
    throw new AssertionError("not refused");
  }
}
