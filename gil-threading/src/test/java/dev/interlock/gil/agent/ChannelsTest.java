// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sockets, channels, selectors and the HTTP client. */
class ChannelsTest extends BlockedTask {
  private static final int MORE_THAN_A_SOCKET_HOLDS = 1 << 24;

  private final List<AutoCloseable> open = new ArrayList<>();

  private <T extends AutoCloseable> T closing(T resource) {
    open.add(resource);
    return resource;
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable resource : open) {
      resource.close();
    }
  }

  private static SocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  /** Two connected sockets. */
  private Socket[] sockets() throws IOException {
    try (ServerSocket server = new ServerSocket()) {
      server.bind(anyPort());
      Socket client = closing(new Socket());
      client.connect(server.getLocalSocketAddress());
      return new Socket[] {client, closing(server.accept())};
    }
  }

  /** Two connected channels. */
  private SocketChannel[] channels() throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open().bind(anyPort())) {
      SocketChannel client = closing(SocketChannel.open(server.getLocalAddress()));
      return new SocketChannel[] {client, closing(server.accept())};
    }
  }

  private static void readFully(SocketChannel in) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    for (int left = MORE_THAN_A_SOCKET_HOLDS; left > 0; ) {
      left -= in.read(buffer.clear());
    }
  }

  private static void writeFully(WritableByteChannel out) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(MORE_THAN_A_SOCKET_HOLDS);
    while (buffer.hasRemaining()) {
      out.write(buffer);
    }
  }

  // Sockets.

  @Test
  void accept() throws Exception {
    ServerSocket server = closing(new ServerSocket());
    server.bind(anyPort());
    Socket client = closing(new Socket());
    isReleased(() -> server.accept().close(), () -> client.connect(server.getLocalSocketAddress()));
  }

  @Test
  void acceptIsCutOffByClose() throws Exception {
    ServerSocket server = closing(new ServerSocket());
    server.bind(anyPort());
    isEnded(server::accept, server::close, SocketException.class);
  }

  /** The server's queue is full, so the connection waits until others have been accepted. */
  @Test
  void connect() throws Exception {
    ServerSocket server = closing(new ServerSocket());
    server.bind(anyPort(), 1);
    int before = 0;
    SocketChannel pending;
    do {
      pending = closing(SocketChannel.open());
      pending.configureBlocking(false);
      before++;
    } while (pending.connect(server.getLocalSocketAddress()) || isSoonConnected(pending));
    int others = before - 1;
    Socket last = closing(new Socket());
    isReleased(
        () -> last.connect(server.getLocalSocketAddress()),
        () -> {
          for (int i = 0; i < others; i++) {
            closing(server.accept());
          }
        });
  }

  private static boolean isSoonConnected(SocketChannel channel) throws IOException {
    try (Selector selector = Selector.open()) {
      channel.register(selector, SelectionKey.OP_CONNECT);
      return selector.select(200) > 0 && channel.finishConnect();
    }
  }

  @Test
  void readOfASocket() throws Exception {
    Socket[] ends = sockets();
    isReleased(ends[0].getInputStream()::read, () -> ends[1].getOutputStream().write(1));
  }

  @Test
  void readOfASocketWithATimeOut() throws Exception {
    Socket[] ends = sockets();
    ends[0].setSoTimeout(60_000);
    isReleased(ends[0].getInputStream()::read, () -> ends[1].getOutputStream().write(1));
  }

  @Test
  void readOfASocketTimesOut() throws Exception {
    Socket[] ends = sockets();
    ends[0].setSoTimeout(300);
    isEnded(ends[0].getInputStream()::read, () -> {}, SocketTimeoutException.class);
  }

  @Test
  void readOfASocketIsCutOffByClose() throws Exception {
    Socket[] ends = sockets();
    isEnded(ends[0].getInputStream()::read, ends[0]::close, SocketException.class);
  }

  @Test
  void writeToASocket() throws Exception {
    Socket[] ends = sockets();
    isReleased(
        () -> ends[0].getOutputStream().write(new byte[MORE_THAN_A_SOCKET_HOLDS]),
        () -> ends[1].getInputStream().readNBytes(MORE_THAN_A_SOCKET_HOLDS));
  }

  @Test
  void datagramSocket() throws Exception {
    DatagramSocket in = closing(new DatagramSocket(anyPort()));
    DatagramSocket out = closing(new DatagramSocket(anyPort()));
    isReleased(
        () -> in.receive(new DatagramPacket(new byte[1], 1)),
        () -> out.send(new DatagramPacket(new byte[1], 1, in.getLocalSocketAddress())));
  }

  @Test
  void datagramSocketWithATimeOut() throws Exception {
    DatagramSocket in = closing(new DatagramSocket(anyPort()));
    in.setSoTimeout(300);
    isEnded(
        () -> in.receive(new DatagramPacket(new byte[1], 1)),
        () -> {},
        SocketTimeoutException.class);
  }

  // Channels.

  @Test
  void acceptOfAChannel() throws Exception {
    ServerSocketChannel server = closing(ServerSocketChannel.open().bind(anyPort()));
    SocketChannel client = closing(SocketChannel.open());
    isReleased(() -> server.accept().close(), () -> client.connect(server.getLocalAddress()));
  }

  @Test
  void acceptOfAChannelIsInterrupted() throws Exception {
    ServerSocketChannel server = closing(ServerSocketChannel.open().bind(anyPort()));
    isInterrupted(server::accept, ClosedByInterruptException.class);
  }

  @Test
  void acceptOfAUnixDomainChannel(@TempDir Path directory) throws Exception {
    ServerSocketChannel server =
        closing(ServerSocketChannel.open(StandardProtocolFamily.UNIX))
            .bind(UnixDomainSocketAddress.of(directory.resolve("socket")));
    SocketChannel client = closing(SocketChannel.open(StandardProtocolFamily.UNIX));
    isReleased(() -> server.accept().close(), () -> client.connect(server.getLocalAddress()));
  }

  @Test
  void readOfAChannel() throws Exception {
    SocketChannel[] ends = channels();
    isReleased(
        () -> ends[0].read(ByteBuffer.allocate(1)), () -> ends[1].write(ByteBuffer.allocate(1)));
  }

  @Test
  void readOfAChannelIsInterrupted() throws Exception {
    SocketChannel[] ends = channels();
    isInterrupted(() -> ends[0].read(ByteBuffer.allocate(1)), ClosedByInterruptException.class);
  }

  @Test
  void readOfAChannelIsCutOffByClose() throws Exception {
    SocketChannel[] ends = channels();
    isEnded(
        () -> ends[0].read(ByteBuffer.allocate(1)),
        ends[0]::close,
        AsynchronousCloseException.class);
  }

  @Test
  void readOfTheSocketOfAChannel() throws Exception {
    SocketChannel[] ends = channels();
    isReleased(
        () -> ends[0].socket().getInputStream().read(),
        () -> ends[1].write(ByteBuffer.allocate(1)));
  }

  @Test
  void writeToAChannel() throws Exception {
    SocketChannel[] ends = channels();
    isReleased(() -> writeFully(ends[0]), () -> readFully(ends[1]));
  }

  @Test
  void asynchronousChannel() throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open().bind(anyPort())) {
      AsynchronousSocketChannel client = closing(AsynchronousSocketChannel.open());
      client.connect(server.getLocalAddress()).get();
      SocketChannel other = closing(server.accept());
      isReleased(
          () -> client.read(ByteBuffer.allocate(1)).get(),
          () -> other.write(ByteBuffer.allocate(1)));
    }
  }

  @Test
  void datagramChannel() throws Exception {
    DatagramChannel in = closing(DatagramChannel.open().bind(anyPort()));
    DatagramChannel out = closing(DatagramChannel.open());
    isReleased(
        () -> in.receive(ByteBuffer.allocate(1)),
        () -> out.send(ByteBuffer.allocate(1), in.getLocalAddress()));
  }

  @Test
  void datagramChannelIsInterrupted() throws Exception {
    DatagramChannel in = closing(DatagramChannel.open().bind(anyPort()));
    isInterrupted(() -> in.receive(ByteBuffer.allocate(1)), ClosedByInterruptException.class);
  }

  @Test
  void sourceOfAPipe() throws Exception {
    Pipe pipe = Pipe.open();
    Pipe.SourceChannel source = closing(pipe.source());
    Pipe.SinkChannel sink = closing(pipe.sink());
    isReleased(() -> source.read(ByteBuffer.allocate(1)), () -> sink.write(ByteBuffer.allocate(1)));
  }

  @Test
  void sinkOfAPipe() throws Exception {
    Pipe pipe = Pipe.open();
    Pipe.SourceChannel source = closing(pipe.source());
    Pipe.SinkChannel sink = closing(pipe.sink());
    isReleased(
        () -> writeFully(sink),
        () -> {
          ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
          for (int left = MORE_THAN_A_SOCKET_HOLDS; left > 0; ) {
            left -= source.read(buffer.clear());
          }
        });
  }

  @Test
  void sourceOfAPipeIsCutOffByClose() throws Exception {
    Pipe pipe = Pipe.open();
    Pipe.SourceChannel source = closing(pipe.source());
    closing(pipe.sink());
    isEnded(
        () -> source.read(ByteBuffer.allocate(1)), source::close, AsynchronousCloseException.class);
  }

  // Selectors.

  @Test
  void select() throws Exception {
    Selector selector = closing(Selector.open());
    isReleased(selector::select, selector::wakeup);
  }

  @Test
  void selectWithATimeOut() throws Exception {
    Selector selector = closing(Selector.open());
    isReleased(() -> selector.select(HOUR_MS), selector::wakeup);
  }

  @Test
  void selectReturnsWhenItsThreadIsInterrupted() throws Exception {
    Selector selector = closing(Selector.open());
    isReleased(selector::select, this::interruptBlocked);
  }

  @Test
  void selectRunsItsActionWithTheLock() throws Exception {
    Selector selector = closing(Selector.open());
    SocketChannel[] ends = channels();
    ends[0].configureBlocking(false);
    ends[0].register(selector, SelectionKey.OP_READ);
    List<Boolean> held = new ArrayList<>();
    isReleased(
        () -> selector.select(key -> held.add(isLockHeld())),
        () -> ends[1].write(ByteBuffer.allocate(1)));
    assertThat(held).containsExactly(true);
  }

  // On top of them.

  @Test
  void httpClient() throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
    CountDownLatch answer = new CountDownLatch(1);
    server.createContext(
        "/",
        exchange -> {
          try {
            answer.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          exchange.sendResponseHeaders(200, 2);
          exchange.getResponseBody().write("ok".getBytes(UTF_8));
          exchange.close();
        });
    server.start();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + server.getAddress().getPort()))
            .build();
    HttpClient client = HttpClient.newHttpClient();
    try {
      isReleased(
          () -> client.send(request, HttpResponse.BodyHandlers.ofString()), answer::countDown);
    } finally {
      server.stop(0);
    }
  }
}
