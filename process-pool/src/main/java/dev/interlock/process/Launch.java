// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * What a child must know to reach its parent. It comes by the child's stdin, where neither {@code
 * ps} nor the environment of the child's own children shows the token.
 *
 * @param socketPath the parent's Unix-domain socket; empty if there is none
 * @param port the parent's port on the loopback interface, without a socket path
 * @param token shows that the child is this parent's
 * @param maxFrameBytes the largest frame
 */
@SuppressWarnings("ArrayRecordComponent") // launches are not compared
record Launch(String socketPath, int port, byte[] token, int maxFrameBytes) {
  static final int TOKEN_BYTES = 32;

  /** The {@link Frame#id} of the channel that carries tasks and outcomes. */
  static final long TASKS = 0;

  /** The {@link Frame#id} of the channel that carries cancellations, and whose end is the end. */
  static final long CONTROL = 1;

  void writeTo(OutputStream stream) throws IOException {
    DataOutputStream data = new DataOutputStream(stream);
    data.writeUTF(socketPath);
    data.writeInt(port);
    data.write(token);
    data.writeInt(maxFrameBytes);
    data.flush();
  }

  static Launch readFrom(InputStream stream) throws IOException {
    DataInputStream data = new DataInputStream(stream);
    String socketPath = data.readUTF();
    int port = data.readInt();
    byte[] token = new byte[TOKEN_BYTES];
    data.readFully(token);
    return new Launch(socketPath, port, token, data.readInt());
  }

  /** The child's side: connects one of the two channels and says whose it is. */
  FrameChannel connect(long role, int bufferBytes) throws IOException {
    SocketChannel socket = openSocket();
    FrameChannel channel = new FrameChannel(socket, maxFrameBytes, bufferBytes);
    channel.sendFully(new Frame(Frame.Kind.HELLO, role, token));
    return channel;
  }

  @SuppressWarnings("MustBeClosedChecker") // the FrameChannel around it closes it
  private SocketChannel openSocket() throws IOException {
    if (!socketPath.isEmpty()) {
      return SocketChannel.open(UnixDomainSocketAddress.of(Path.of(socketPath)));
    }
    SocketChannel socket =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
    return socket;
  }
}
