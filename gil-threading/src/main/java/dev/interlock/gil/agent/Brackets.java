// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.agent;

import static dev.interlock.gil.agent.Bracket.Shape.AFTER;
import static dev.interlock.gil.agent.Bracket.Shape.AROUND;
import static dev.interlock.gil.agent.Bracket.Shape.BEFORE;

import java.util.ArrayList;
import java.util.List;

/**
 * The methods of the JDK that are bracketed, of JDK 17 and of 25; what is between has some of both.
 * Each JDK has its part of them, and {@link BracketInstaller} says which.
 *
 * <p>Two rules for a new line. It is the method closest to what blocks that can be changed: a
 * native one cannot. And no code of a user runs inside it: nothing that can be overridden, no
 * callback, no channel or stream that somebody else may have written.
 *
 * <p>{@code Object.wait} is not here, although it is no longer native: it is replaced where it is
 * called, and its callers in the JDK are here.
 */
final class Brackets {
  private static final String TRANSFER = "(Ljava/io/FileDescriptor;JI)I";
  private static final String TRANSFER_MANY = "(Ljava/io/FileDescriptor;JI)J";
  private static final String TRANSFER_AT = "(Ljava/io/FileDescriptor;JIJ)I";

  static final List<Bracket> ALL = table();

  private Brackets() {}

  private static List<Bracket> table() {
    List<Bracket> all = new ArrayList<>();
    waiting(all);
    files(all);
    channels(all);
    sockets(all);
    system(all);
    return List.copyOf(all);
  }

  private static void waiting(List<Bracket> to) {
    around(to, BlockingKind.SLEEP, "java/lang/Thread")
        .method("sleep", "(J)V", "(JI)V", "(Ljava/time/Duration;)V");
    around(to, BlockingKind.JOIN, "java/lang/Thread").method("join", "(J)V");
    around(to, BlockingKind.PARK, "java/util/concurrent/locks/LockSupport")
        .method("park", "()V", "(Ljava/lang/Object;)V")
        .method("parkNanos", "(J)V", "(Ljava/lang/Object;J)V")
        .method("parkUntil", "(J)V", "(Ljava/lang/Object;J)V");
    around(to, BlockingKind.MONITOR, "java/util/concurrent/TimeUnit")
        .method("timedWait", "(Ljava/lang/Object;J)V");
    around(to, BlockingKind.REFERENCE_QUEUE, "java/lang/ref/ReferenceQueue")
        .method("remove", "(J)Ljava/lang/ref/Reference;")
        .method("remove0", "(J)Ljava/lang/ref/Reference;", "()Ljava/lang/ref/Reference;");
    around(to, BlockingKind.PIPED_STREAM, "java/io/PipedInputStream")
        .method("read", "()I")
        .method("awaitSpace", "()V");
    around(to, BlockingKind.PIPED_STREAM, "java/io/PipedReader")
        .method("read", "()I")
        .method("receive", "(I)V");
  }

  private static void files(List<Bracket> to) {
    around(to, BlockingKind.OPEN_FILE, "java/io/FileInputStream")
        .method("open", "(Ljava/lang/String;)V");
    around(to, BlockingKind.OPEN_FILE, "java/io/FileOutputStream")
        .method("open", "(Ljava/lang/String;Z)V");
    around(to, BlockingKind.OPEN_FILE, "java/io/RandomAccessFile")
        .method("open", "(Ljava/lang/String;I)V");
    around(to, BlockingKind.OPEN_FILE, "sun/nio/fs/UnixNativeDispatcher")
        .method("open", "(Lsun/nio/fs/UnixPath;II)I")
        .method("openat", "(I[BII)I");
    around(to, BlockingKind.FILE_STREAM, "java/io/FileInputStream")
        .method("read", "()I", "([B)I", "([BII)I")
        .method("skip", "(J)J");
    around(to, BlockingKind.FILE_STREAM, "java/io/FileOutputStream")
        .method("write", "(I)V", "([B)V", "([BII)V");
    around(to, BlockingKind.FILE_STREAM, "java/io/FileDescriptor").method("sync", "()V");
    around(to, BlockingKind.RANDOM_ACCESS_FILE, "java/io/RandomAccessFile")
        .method("read", "()I", "([B)I", "([BII)I")
        .method("implReadLine", "()Ljava/lang/String;")
        .method("write", "(I)V", "([B)V", "([BII)V")
        .method("writeBytes", "(Ljava/lang/String;)V")
        .method("writeChars", "(Ljava/lang/String;)V");
    around(to, BlockingKind.COPY_FILE, "sun/nio/fs/UnixCopyFile")
        .method(
            "copyFile",
            "(Lsun/nio/fs/UnixPath;Lsun/nio/fs/UnixFileAttributes;"
                + "Lsun/nio/fs/UnixPath;Lsun/nio/fs/UnixCopyFile$Flags;J)V");
    around(to, BlockingKind.COPY_FILE, "sun/nio/fs/LinuxFileSystem").method("directCopy", "(IIJ)I");
    around(to, BlockingKind.COPY_FILE, "sun/nio/fs/UnixFileSystem")
        .method("bufferedCopy", "(IIJIJ)V");
  }

  private static void channels(List<Bracket> to) {
    for (String dispatcher :
        List.of("sun/nio/ch/FileDispatcherImpl", "sun/nio/ch/UnixFileDispatcherImpl")) {
      around(to, BlockingKind.FILE_CHANNEL, dispatcher)
          .method("read", TRANSFER)
          .method("readv", TRANSFER_MANY)
          .method("pread", TRANSFER_AT)
          .method("write", TRANSFER)
          .method("writev", TRANSFER_MANY)
          .method("pwrite", TRANSFER_AT)
          .method("force", "(Ljava/io/FileDescriptor;Z)I")
          .method("lock", "(Ljava/io/FileDescriptor;ZJJZ)I");
    }
    around(to, BlockingKind.FILE_CHANNEL, "sun/nio/ch/FileDispatcherImpl")
        .method("transferTo", "(Ljava/io/FileDescriptor;JJLjava/io/FileDescriptor;Z)J")
        .method("transferFrom", "(Ljava/io/FileDescriptor;Ljava/io/FileDescriptor;JJZ)J");
    around(to, BlockingKind.FILE_CHANNEL, "sun/nio/ch/FileChannelImpl")
        .method(
            "transferToDirectlyInternal",
            "(JILjava/nio/channels/WritableByteChannel;Ljava/io/FileDescriptor;)J");
    String selector = "sun/nio/ch/SelectorImpl"; // its doSelect runs the action of the user
    to.add(new Bracket(BlockingKind.SELECT, BEFORE, selector, "begin", "(Z)V"));
    to.add(new Bracket(BlockingKind.SELECT, AFTER, selector, "end", "(Z)V"));
  }

  private static void sockets(List<Bracket> to) {
    around(to, BlockingKind.SOCKET, "sun/nio/ch/SocketDispatcher")
        .method("read", TRANSFER)
        .method("readv", TRANSFER_MANY)
        .method("write", TRANSFER)
        .method("writev", TRANSFER_MANY);
    around(to, BlockingKind.SOCKET, "sun/nio/ch/NioSocketImpl")
        .method("park", "(Ljava/io/FileDescriptor;IJ)V");
    around(to, BlockingKind.SOCKET, "sun/nio/ch/SelChImpl").method("park", "(IJ)V");
    around(to, BlockingKind.SOCKET, "sun/nio/ch/Net")
        .method(
            "connect",
            "(Ljava/net/ProtocolFamily;Ljava/io/FileDescriptor;Ljava/net/InetAddress;I)I");
    around(to, BlockingKind.SOCKET, "sun/nio/ch/UnixDomainSockets")
        .method("connect", "(Ljava/io/FileDescriptor;Ljava/nio/file/Path;)I");
    around(to, BlockingKind.ACCEPT, "sun/nio/ch/UnixDomainSockets")
        .method("accept", "(Ljava/io/FileDescriptor;Ljava/io/FileDescriptor;[Ljava/lang/String;)I");
    around(to, BlockingKind.ACCEPT, "sun/nio/ch/NioSocketImpl")
        .method("accept", "(Ljava/net/SocketImpl;)V");
    around(to, BlockingKind.ACCEPT, "sun/nio/ch/ServerSocketChannelImpl")
        .method(
            "implAccept",
            "(Ljava/io/FileDescriptor;Ljava/io/FileDescriptor;[Ljava/net/SocketAddress;)I");
    around(to, BlockingKind.DATAGRAM, "sun/nio/ch/DatagramDispatcher")
        .method("read", TRANSFER)
        .method("readv", TRANSFER_MANY)
        .method("write", TRANSFER)
        .method("writev", TRANSFER_MANY);
    around(to, BlockingKind.DATAGRAM, "sun/nio/ch/DatagramChannelImpl")
        .method("park", "(IJ)V")
        .method("receiveIntoNativeBuffer", "(Ljava/nio/ByteBuffer;IIZ)I")
        .method(
            "sendFromNativeBuffer",
            "(Ljava/io/FileDescriptor;Ljava/nio/ByteBuffer;Ljava/net/InetSocketAddress;)I");
  }

  private static void system(List<Bracket> to) {
    around(to, BlockingKind.PROCESS, "java/lang/ProcessImpl")
        .method(
            "start",
            "([Ljava/lang/String;Ljava/util/Map;Ljava/lang/String;"
                + "[Ljava/lang/ProcessBuilder$Redirect;Z)Ljava/lang/Process;")
        .method("waitFor", "()I", "(JLjava/util/concurrent/TimeUnit;)Z");
    around(to, BlockingKind.NAME_LOOKUP, "java/net/InetAddress$PlatformNameService")
        .method("lookupAllHostAddr", "(Ljava/lang/String;)[Ljava/net/InetAddress;")
        .method("getHostByAddr", "([B)Ljava/lang/String;");
    around(to, BlockingKind.NAME_LOOKUP, "java/net/InetAddress$PlatformResolver")
        .method(
            "lookupByName",
            "(Ljava/lang/String;"
                + "Ljava/net/spi/InetAddressResolver$LookupPolicy;)Ljava/util/stream/Stream;")
        .method("lookupByAddress", "([B)Ljava/lang/String;");
    String reach = "(Ljava/net/InetAddress;ILjava/net/NetworkInterface;I)Z";
    around(to, BlockingKind.NAME_LOOKUP, "java/net/Inet4AddressImpl").method("isReachable", reach);
    around(to, BlockingKind.NAME_LOOKUP, "java/net/Inet6AddressImpl").method("isReachable", reach);
    around(to, BlockingKind.WATCH, "sun/nio/fs/AbstractPoller$Request")
        .method("awaitResult", "()Ljava/lang/Object;");
  }

  private static Of around(List<Bracket> to, BlockingKind kind, String owner) {
    return new Of(to, kind, owner);
  }

  /** The lines of one class. */
  private record Of(List<Bracket> to, BlockingKind kind, String owner) {
    Of method(String name, String... descriptors) {
      for (String descriptor : descriptors) {
        to.add(new Bracket(kind, AROUND, owner, name, descriptor));
      }
      return this;
    }
  }
}
