// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.Deadline;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where one child meets its parent: a Unix-domain socket in a directory that only the owner may
 * enter, or a loopback port where the path would be too long or the system has no such sockets. A
 * connection that does not show the child's token is dropped. Confined to the worker's thread,
 * except for {@link #wakeup}.
 */
final class Rendezvous implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(Rendezvous.class);
  private static final SecureRandom RANDOM = new SecureRandom();

  /** What {@code sockaddr_un} holds, less the final zero, on the meanest of systems. */
  private static final int LONGEST_SOCKET_PATH = 103;

  private static final Duration HELLO_TIMEOUT = Duration.ofSeconds(2);

  private final ServerSocketChannel server;
  private final @Nullable Path socketFile;
  private final Selector selector;
  private final Launch launch;
  private @Nullable FrameChannel tasks;
  private @Nullable FrameChannel control;

  /** The two channels of one child. */
  record Channels(FrameChannel tasks, FrameChannel control) implements Closeable {
    @Override
    public void close() throws IOException {
      try (tasks) {
        control.close();
      }
    }
  }

  private Rendezvous(ServerSocketChannel server, @Nullable Path socketFile, int maxFrameBytes)
      throws IOException {
    this.server = server;
    this.socketFile = socketFile;
    server.configureBlocking(false);
    this.selector = Selector.open();
    server.register(selector, SelectionKey.OP_ACCEPT);
    byte[] token = new byte[Launch.TOKEN_BYTES];
    RANDOM.nextBytes(token);
    this.launch =
        socketFile == null
            ? new Launch(
                "", ((InetSocketAddress) server.getLocalAddress()).getPort(), token, maxFrameBytes)
            : new Launch(socketFile.toString(), 0, token, maxFrameBytes);
  }

  static Rendezvous open(Path directory, String name, int maxFrameBytes) throws IOException {
    Path file = directory.resolve(name).toAbsolutePath();
    if (file.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_SOCKET_PATH) {
      try {
        return bound(
            ServerSocketChannel.open(StandardProtocolFamily.UNIX),
            UnixDomainSocketAddress.of(file),
            file,
            maxFrameBytes);
      } catch (IOException | UnsupportedOperationException e) {
        log.debug("No Unix-domain socket at {}; a loopback port takes its place", file, e);
      }
    }
    return bound(
        ServerSocketChannel.open(),
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        null,
        maxFrameBytes);
  }

  private static Rendezvous bound(
      ServerSocketChannel server, SocketAddress address, @Nullable Path file, int maxFrameBytes)
      throws IOException {
    try {
      server.bind(address);
      return new Rendezvous(server, file, maxFrameBytes);
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  /** What the child must be told. */
  Launch launch() {
    return launch;
  }

  /** Ends a wait in {@link #await}, or the next one. Thread-safe. */
  void wakeup() {
    selector.wakeup();
  }

  /**
   * Waits for so long at most, or until {@link #wakeup}, for a connection.
   *
   * @return null unless both channels of the child are there by now
   */
  @Nullable Channels await(long limitNs) throws IOException {
    Thread.interrupted();
    selector.select(TimeUnit.NANOSECONDS.toMillis(limitNs) + 1);
    selector.selectedKeys().clear();
    for (SocketChannel socket = server.accept(); socket != null; socket = server.accept()) {
      greet(socket);
    }
    if (tasks == null || control == null) {
      return null;
    }
    Channels channels = new Channels(tasks, control);
    tasks = null;
    control = null;
    return channels;
  }

  private void greet(SocketChannel socket) throws IOException {
    if (socketFile == null) {
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }
    FrameChannel channel =
        new FrameChannel(socket, launch.maxFrameBytes(), FrameChannel.BUFFER_BYTES);
    try {
      Frame hello = channel.read(Deadline.after(HELLO_TIMEOUT), Launch.TOKEN_BYTES);
      if (hello != null
          && hello.kind() == Frame.Kind.HELLO
          && MessageDigest.isEqual(hello.payload(), launch.token())) {
        if (hello.id() == Launch.TASKS && tasks == null) {
          tasks = channel;
          return;
        }
        if (hello.id() == Launch.CONTROL && control == null) {
          control = channel;
          return;
        }
      }
      log.warn("A connection without the right token was dropped");
    } catch (IOException e) {
      log.warn("A connection that does not speak the protocol was dropped", e);
    }
    channel.close();
  }

  @Override
  public void close() throws IOException {
    try (selector;
        server) {
      if (tasks != null) {
        tasks.close();
      }
      if (control != null) {
        control.close();
      }
    }
    if (socketFile != null) {
      Files.deleteIfExists(socketFile);
    }
  }
}
