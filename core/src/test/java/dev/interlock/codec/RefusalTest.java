// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.SettableFuture;
import dev.interlock.NotShareableException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.StringReader;
import java.lang.invoke.MethodHandles;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.security.MessageDigest;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RefusalTest {
  private final TaskCodec codec = new TaskCodec(RefusalTest.class.getClassLoader());

  static final class Client {
    final Object connection;

    Client(Object connection) {
      this.connection = connection;
    }
  }

  record Job(int id, Client client) {}

  static Stream<Arguments> refused() throws Exception {
    Socket socket = new Socket();
    ServerSocket server = new ServerSocket();
    DatagramSocket datagram = new DatagramSocket(null);
    Pipe pipe = Pipe.open();
    pipe.sink().close();
    pipe.source().close();
    socket.close();
    server.close();
    datagram.close();
    return Stream.of(
        Arguments.of(new Thread(() -> {}), "inside the task"),
        Arguments.of(new ThreadGroup("g"), "inside the task"),
        Arguments.of(directExecutor(), "open an executor inside the task"),
        Arguments.of(new CompletableFuture<>(), "Pass the value, not the future"),
        Arguments.of(SettableFuture.create(), "Pass the value, not the future"),
        Arguments.of(new FutureTask<>(() -> 1), "Pass the value, not the future"),
        Arguments.of(socket, "Open it inside the task"),
        Arguments.of(server, "Open it inside the task"),
        Arguments.of(datagram, "Open it inside the task"),
        Arguments.of(pipe.sink(), "Open it inside the task"),
        Arguments.of(new ByteArrayInputStream(new byte[1]), "Open it inside the task"),
        Arguments.of(new ByteArrayOutputStream(), "Open it inside the task"),
        Arguments.of(new StringReader(""), "Open it inside the task"),
        Arguments.of(new URLClassLoader(new URL[0]), "names of classes"),
        Arguments.of(Object.class.getModule(), "names of classes"),
        Arguments.of(new WeakReference<>(""), "that it refers to"),
        Arguments.of(new SoftReference<>(""), "that it refers to"),
        Arguments.of(new ThreadLocal<>(), "Pass its value"),
        Arguments.of(ByteBuffer.allocate(1), "as an array"),
        Arguments.of(List.of(1).stream(), "collect it"),
        Arguments.of(List.of(1).iterator(), "create it inside the task"),
        Arguments.of(MethodHandles.lookup(), "Pass names"),
        Arguments.of(Object.class.getMethod("toString"), "Pass names"),
        Arguments.of(new CountDownLatch(1), "create it inside the task"),
        Arguments.of(MessageDigest.getInstance("SHA-256"), "create it inside the task"),
        Arguments.of(new SplittableRandom(1), "create it inside the task"),
        Arguments.of(Runtime.getRuntime(), "create it inside the task"),
        Arguments.of(ProcessHandle.current(), "pid"));
  }

  private static Object directExecutor() {
    var executor = Executors.newSingleThreadExecutor();
    executor.shutdown();
    return executor;
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusedWithPathAndHintWhereverItIs(Object refused, String hint) {
    String type = refused.getClass().getTypeName();
    assertRefused(refused, type, hint);
    assertRefused(new Client(refused), "RefusalTest.Client.connection: " + type, hint);
    assertRefused(
        new Job(1, new Client(refused)), "RefusalTest.Job.client.connection: " + type, hint);
    List<Object> list = new ArrayList<>(List.of(1, 2, refused));
    assertRefused(list, "ArrayList[2]: " + type, hint);
    assertRefused(List.of(refused), "ImmutableCollections.List12[0]: " + type, hint);
    assertRefused(new Object[][] {{}, {1, refused}}, "Object[1][1]: " + type, hint);
    assertRefused(Map.of("key", refused), "ImmutableCollections.Map1{key}: " + type, hint);
    Map<Object, Object> byNumber = new HashMap<>(Map.of(7, list));
    assertRefused(byNumber, "HashMap{7}[2]: " + type, hint);
    Map<Object, Object> asKey = Collections.singletonMap(refused, 1);
    assertRefused(asKey, "Collections.SingletonMap.key: " + type, hint);
    assertRefused(Optional.of(refused), "Optional.value: " + type, hint);
    assertRefused(new AtomicReference<>(refused), "AtomicReference.value: " + type, hint);
    assertRefused(
        Collections.unmodifiableList(list),
        "Collections.UnmodifiableRandomAccessList[2]: " + type,
        hint);
    assertRefused(Arrays.asList(refused, 1), "Arrays.ArrayList[0]: " + type, hint);
    assertRefused(
        new AbstractMap.SimpleEntry<>("k", refused),
        "AbstractMap.SimpleEntry.value: " + type,
        hint);
    Map<Object, Object> sorted = new TreeMap<>(Map.of("k", refused));
    assertRefused(sorted, "TreeMap{k}: " + type, hint);
    Map<Object, Object> byObject = new LinkedHashMap<>(Map.of(new Samples.Point(1, 2), refused));
    assertRefused(
        byObject, "LinkedHashMap{" + Samples.Point.class.getTypeName() + "}: " + type, hint);
  }

  private void assertRefused(Object value, String path, String hint) {
    assertThatThrownBy(() -> codec.encode(value))
        .isInstanceOf(NotShareableException.class)
        .hasMessageContaining(hint)
        .extracting(e -> ((NotShareableException) e).path())
        .isEqualTo(path);
  }

  static class OwnThread extends Thread {}

  static class Hidden implements Serializable {
    private static final long serialVersionUID = 1;
    private transient Object content = new Object();

    private void writeObject(ObjectOutputStream out) throws IOException {
      out.writeObject(content);
    }
  }

  static class Throwing implements Serializable {
    private static final long serialVersionUID = 1;

    private Object writeReplace() {
      throw new IllegalStateException("not today");
    }
  }

  @Test
  void userClasses() {
    assertRefused(new OwnThread(), OwnThread.class.getTypeName(), "inside the task");
    assertRefused(
        new Client(new Hidden()),
        "RefusalTest.Client.connection: java.lang.Object",
        "make it serializable");
    assertRefused(new Throwing(), Throwing.class.getTypeName(), "not today");
  }

  @Test
  void enclosingInstanceIsNamed() {
    class Local {
      Object outer() {
        return codec;
      }
    }
    assertThat(new Local().outer()).isSameAs(codec);
    assertRefused(
        new Local(),
        "RefusalTest.1Local.this$0.codec.loader: "
            + RefusalTest.class.getClassLoader().getClass().getTypeName(),
        "names of classes");
  }

  @Test
  void nothingIsLostForTheNextCall() {
    for (int i = 0; i < 100; i++) {
      assertThatThrownBy(() -> codec.encode(List.of("fine", new Thread())))
          .isInstanceOf(NotShareableException.class);
      assertThat(codec.decode(codec.encode(List.of("fine", 1)))).isEqualTo(List.of("fine", 1));
    }
  }
}
