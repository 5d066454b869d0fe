// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import static dev.interlock.codec.CodecCase.equal;
import static dev.interlock.codec.CodecCase.refused;
import static dev.interlock.codec.CodecCase.stated;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Action;
import dev.interlock.Task;
import dev.interlock.TaskFunction;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.lang.invoke.MethodHandles;
import java.lang.ref.WeakReference;
import java.net.Socket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Objects of users' classes, lambdas, throwables, and what is refused. */
final class ObjectCases {
  private static final String SOCKET = "java.net.Socket";
  private static final String OPEN_INSIDE = "Open it inside the task";

  private ObjectCases() {}

  static List<CodecCase> all() throws Exception {
    return Stream.of(objects(), lambdas(), throwables(), refusals(), paths())
        .flatMap(List::stream)
        .toList();
  }

  private static List<CodecCase> objects() {
    Samples.Node node = new Samples.Node();
    node.next = node;
    List<Integer> shared = new ArrayList<>(List.of(1));
    return List.of(
        equal("object without a plain constructor", new Samples.Point(1, 2)),
        equal("object of a local class", Samples.local(42)),
        equal("record of a local class", Samples.localRecord(43)),
        stated(
            "object of an inner class",
            Samples.inner(),
            (Samples.Inner back) -> assertThat(back.value).isEqualTo(3)),
        stated(
            "fields of one name in super and subclass",
            new Samples.Labelled("label"),
            (Samples.Labelled back) -> {
              assertThat(back.x).isEqualTo("label");
              assertThat(back.superX()).isEqualTo(7);
              assertThat(back.cache).as("transient").isNull();
            }),
        stated(
            "fields of every type",
            new Samples.AllFieldTypes(),
            back ->
                assertThat(back).usingRecursiveComparison().isEqualTo(new Samples.AllFieldTypes())),
        equal("enum", Samples.Colour.GREEN),
        equal("enum constant with a body", Samples.Shape.ROUND),
        equal("record", new Samples.Pair<>("a", List.of(new Samples.Pair<>(null, 2)))),
        equal("record that overrides an accessor", new Samples.Shouting("hey")),
        equal("record that checks its arguments", new Samples.Positive(3)),
        stated(
            "singleton by readResolve",
            Samples.Singleton.INSTANCE,
            back -> assertThat(back).isSameAs(Samples.Singleton.INSTANCE)),
        equal("replaced by writeReplace", new Samples.Replaced("r")),
        equal("written by writeObject", new Samples.SelfWritten("s")).notAsResult(),
        equal("externalizable", new Samples.External("e")).notAsResult(),
        equal("list with a field of its own", new Samples.TaggedList("t")).notAsResult(),
        equal("map without fields of its own", new Samples.PlainMap()),
        equal("own list", new Samples.Squares(5)),
        stated(
            "anonymous list that fills itself",
            selfFilling(),
            (List<Object> back) -> assertThat(back).containsExactly(1)),
        stated(
            "cycle of objects", node, (Samples.Node back) -> assertThat(back.next).isSameAs(back)),
        stated(
            "shared objects stay shared",
            new Object[] {shared, shared},
            (Object[] back) -> assertThat(back[0]).isSameAs(back[1])),
        stated("plain object", new Object(), back -> assertThat(back).isNotNull()),
        stated(
            "lock that nobody holds arrives as a new one",
            new ReentrantLock(true),
            (ReentrantLock back) -> assertThat(back.isFair()).isTrue()));
  }

  @SuppressWarnings("DoubleBraceInitialization")
  private static List<Object> selfFilling() {
    return new ArrayList<>() {
      {
        add(1);
      }
    };
  }

  private static List<CodecCase> lambdas() {
    int captured = 20;
    StringBuilder receiver = new StringBuilder("bound");
    Task<Integer> task = () -> captured + 1;
    TaskFunction<Integer, Integer> function = x -> x * captured;
    TaskFunction<Object, String> toStatic = String::valueOf;
    Task<String> bound = receiver::toString;
    TaskFunction<List<Integer>, List<Integer>> constructor = ArrayList::new;
    Task<Integer> nested = () -> task.call() + function.apply(1);
    Comparator<Map.Entry<String, Integer>> byKey = Map.Entry.comparingByKey();
    return Stream.of(
            CodecCase.<Task<Integer>>stated("lambda", task, back -> same(back, 21)),
            CodecCase.<Task<String>>stated("bound method", bound, back -> same(back, "bound")),
            CodecCase.<Task<Integer>>stated("lambda in a lambda", nested, back -> same(back, 41)),
            CodecCase.<TaskFunction<Integer, Integer>>stated(
                "function", function, back -> same(() -> back.apply(2), 40)),
            CodecCase.<TaskFunction<Object, String>>stated(
                "static method", toStatic, back -> same(() -> back.apply(5), "5")),
            CodecCase.<TaskFunction<List<Integer>, List<Integer>>>stated(
                "constructor", constructor, back -> same(() -> back.apply(List.of(1)), List.of(1))),
            CodecCase.<Comparator<Map.Entry<String, Integer>>>stated(
                "comparator of the JDK",
                byKey,
                back ->
                    assertThat(back.compare(Map.entry("a", 1), Map.entry("b", 1))).isNegative()),
            CodecCase.<Action>stated(
                "action", (Action) () -> {}, back -> assertThat(back).isNotNull()))
        .map(CodecCase::notAsResult)
        .toList();
  }

  private static void same(Task<?> task, Object expected) {
    try {
      assertThat(task.call()).isEqualTo(expected);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static List<CodecCase> throwables() {
    Exception suppressing = new IllegalStateException("state");
    suppressing.addSuppressed(new IOException("suppressed"));
    Exception first = new Exception("first");
    first.initCause(new Exception("second", first));
    Exception withSocket = new ThrowableTest.Failure("message");
    return List.of(
        printed("exception", new Exception("message", new IOException("cause"))),
        printed("error", new OutOfMemoryError("heap")),
        printed("suppressed exceptions", suppressing),
        printed("exception with fields", new ThrowableTest.Coded(5, "coded")),
        printed("missing file", new NoSuchFileException("a", "b", "gone")),
        printed("sql exception", new SQLException("reason", "state", 17)),
        stated(
            "causes in a circle",
            first,
            (Throwable back) -> assertThat(back.getCause().getCause()).isSameAs(back)),
        stated(
            "exception with a field that cannot cross",
            withSocket,
            (ThrowableTest.Failure back) -> {
              assertThat(back).hasMessage("message");
              assertThat(back.unshareable).isNull();
              assertThat(back.kept).isEqualTo("kept");
            }));
  }

  private static CodecCase printed(String name, Throwable value) {
    return stated(
        name,
        value,
        (Throwable back) -> {
          assertThat(back.getClass()).isEqualTo(value.getClass());
          assertThat(SafeThrowable.text(back)).isEqualTo(SafeThrowable.text(value));
        });
  }

  private static List<CodecCase> refusals() throws Exception {
    ReentrantLock held = new ReentrantLock();
    held.lock();
    ExecutorService executor = Executors.newSingleThreadExecutor();
    executor.shutdown();
    Supplier<String> plain = () -> "plain";
    return List.of(
        root("thread", new Thread(() -> {}), "open an executor inside the task"),
        root("executor", executor, "open an executor inside the task"),
        root("socket", closed(), OPEN_INSIDE),
        root("stream of bytes", new ByteArrayInputStream(new byte[1]), OPEN_INSIDE),
        root("reader", new StringReader(""), OPEN_INSIDE),
        root("class loader", new URLClassLoader(new URL[0]), "names of classes"),
        root("future", new CompletableFuture<>(), "Pass the value"),
        root("reference", new WeakReference<>(""), "that it refers to"),
        root("thread-local", new ThreadLocal<>(), "Pass its value"),
        root("stream", List.of(1).stream(), "collect it"),
        root("iterator", List.of(1).iterator(), "create it inside the task"),
        root("method", Object.class.getMethod("toString"), "Pass names"),
        root("lookup", MethodHandles.lookup(), "Pass names"),
        root("latch", new CountDownLatch(1), "create it inside the task"),
        root("lock that is held", held, "release it before"),
        root("buffer", ByteBuffer.allocate(1), "as an array"),
        refused(
            "lambda that is not serializable",
            plain,
            "lambda of " + ObjectCases.class.getName() + " as java.util.function.Supplier",
            "Task, Action or TaskFunction"),
        refused(
            "cycle through a record",
            cyclicRecord(),
            "Samples.Pair.first[0]: " + Samples.Pair.class.getTypeName(),
            "break the cycle"));
  }

  private static CodecCase root(String name, Object value, String hint) {
    return refused(name, value, value.getClass().getTypeName(), hint);
  }

  private static Socket closed() throws IOException {
    Socket socket = new Socket();
    socket.close();
    return socket;
  }

  private static Object cyclicRecord() {
    List<Object> list = new ArrayList<>();
    Samples.Pair<Object, Object> pair = new Samples.Pair<>(list, 1);
    list.add(pair);
    return pair;
  }

  record Job(int id, Client client) {
    Task<Integer> task() {
      return () -> id;
    }
  }

  static final class Client {
    final Socket socket;

    Client(Socket socket) {
      this.socket = socket;
    }

    int port() {
      return 80;
    }
  }

  private static List<CodecCase> paths() throws Exception {
    Socket socket = closed();
    Client client = new Client(socket);
    Job job = new Job(1, client);
    int first = 1;
    Task<Integer> captured = () -> first + job.id() + client.port();
    Task<Integer> method = client::port;
    Map<Object, Object> sorted = new TreeMap<>(Map.of("k", List.of(1, job)));
    Object anonymous =
        new Object() {
          @Override
          public String toString() {
            return "port " + client.port();
          }
        };
    return List.of(
        at("field of a record", job, "ObjectCases.Job.client.socket: "),
        at("element of a list", new ArrayList<>(List.of(1, socket)), "ArrayList[1]: "),
        at("element of a nested array", new Object[][] {{}, {1, socket}}, "Object[1][1]: "),
        at("value of a map", sorted, "TreeMap{k}[1].client.socket: "),
        at("key of a map", new HashMap<>(Map.of(socket, 1)), "HashMap.key: "),
        at("value of an optional", Optional.of(job), "Optional.value.client.socket: "),
        at("value of a reference", new AtomicReference<>(socket), "AtomicReference.value: "),
        at("element of asList", Arrays.asList(1, socket), "Arrays.ArrayList[1]: "),
        at(
            "element of a wrapper",
            Collections.synchronizedList(new ArrayList<>(List.of(socket))),
            "Collections.SynchronizedRandomAccessList[0]: "),
        at("field of an anonymous class", anonymous, "ObjectCases.2.val$client.socket: "),
        at(
            "captured variable",
            captured,
            "lambda in ObjectCases.paths, captured argument 2.client.socket: "),
        at(
            "captured this",
            job.task(),
            "lambda in ObjectCases.Job.task, captured this.client.socket: "),
        at(
            "receiver of a method",
            method,
            "method reference ObjectCases.Client::port, its receiver.socket: "),
        at(
            "lambda in a record in a list",
            List.of(new Samples.Pair<>("x", captured)),
            "ImmutableCollections.List12[0].second -> lambda in ObjectCases.paths, captured"
                + " argument 2.client.socket: "));
  }

  private static CodecCase at(String name, Object value, String path) {
    return refused("path of a " + name, value, path + SOCKET, OPEN_INSIDE);
  }
}
