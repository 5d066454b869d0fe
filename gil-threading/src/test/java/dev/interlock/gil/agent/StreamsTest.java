// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Scanner;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams between threads, files that are FIFOs, and processes. */
class StreamsTest extends BlockedTask {
  private static final int MORE_THAN_A_PIPE_HOLDS = 1 << 20;

  @TempDir private Path directory;
  private Process process;

  @AfterEach
  void endProcess() throws Exception {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  private Path fifo() throws Exception {
    Path fifo = directory.resolve("fifo");
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    return fifo;
  }

  /** Gives back what it is sent, until it is sent no more. */
  private Process cat() throws Exception {
    process = new ProcessBuilder("cat").start();
    return process;
  }

  // Between threads.

  @Test
  void readOfAPipedStream() throws Exception {
    PipedOutputStream out = new PipedOutputStream();
    PipedInputStream in = new PipedInputStream(out);
    isReleased(in::read, () -> out.write(1));
  }

  @Test
  void readOfAPipedStreamIsInterrupted() throws Exception {
    PipedOutputStream out = new PipedOutputStream();
    PipedInputStream in = new PipedInputStream(out);
    isInterrupted(in::read, InterruptedIOException.class);
  }

  @Test
  void writeToAFullPipedStream() throws Exception {
    PipedOutputStream out = new PipedOutputStream();
    PipedInputStream in = new PipedInputStream(out, 10);
    isReleased(() -> out.write(new byte[15]), () -> in.readNBytes(15));
  }

  @Test
  void readOfAPipedReader() throws Exception {
    PipedWriter out = new PipedWriter();
    PipedReader in = new PipedReader(out);
    isReleased(in::read, () -> out.write('a'));
  }

  // Files that block.

  @Test
  void openOfAFifo() throws Exception {
    String fifo = fifo().toString();
    isReleased(() -> new FileInputStream(fifo).close(), () -> new FileOutputStream(fifo).close());
  }

  @Test
  void openOfAFifoToWrite() throws Exception {
    String fifo = fifo().toString();
    isReleased(() -> new FileOutputStream(fifo).close(), () -> new FileInputStream(fifo).close());
  }

  @Test
  void openOfAFifoAsAChannel() throws Exception {
    Path fifo = fifo();
    isReleased(
        () -> FileChannel.open(fifo, StandardOpenOption.READ).close(),
        () -> FileChannel.open(fifo, StandardOpenOption.WRITE).close());
  }

  @Test
  void openOfAFifoForRandomAccess() throws Exception {
    Path fifo = fifo();
    isReleased(
        () -> new RandomAccessFile(fifo.toFile(), "r").close(),
        () -> Files.newOutputStream(fifo).close());
  }

  @Test
  void readOfAFileStream() throws Exception {
    Path fifo = fifo();
    try (RandomAccessFile out = new RandomAccessFile(fifo.toFile(), "rw");
        FileInputStream in = new FileInputStream(fifo.toFile())) {
      isReleased(in::read, () -> out.write(1));
      isReleased(() -> in.read(new byte[2]), () -> out.write(1));
      isReleased(() -> in.read(new byte[2], 0, 2), () -> out.write(1));
    }
  }

  @Test
  void readOfAFileForRandomAccess() throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(fifo().toFile(), "rw")) {
      isReleased(file::read, () -> file.write(1));
      isReleased(file::readInt, () -> file.writeInt(1));
      isReleased(file::readLine, () -> file.writeBytes("line\n"));
    }
  }

  @Test
  void writeToAFileStream() throws Exception {
    Path fifo = fifo();
    try (RandomAccessFile in = new RandomAccessFile(fifo.toFile(), "rw");
        FileOutputStream out = new FileOutputStream(fifo.toFile())) {
      isReleased(
          () -> out.write(new byte[MORE_THAN_A_PIPE_HOLDS]),
          () -> in.readFully(new byte[MORE_THAN_A_PIPE_HOLDS]));
    }
  }

  @Test
  void readOfAFileChannel() throws Exception {
    Path fifo = fifo();
    try (RandomAccessFile out = new RandomAccessFile(fifo.toFile(), "rw");
        FileChannel in = FileChannel.open(fifo, StandardOpenOption.READ)) {
      isReleased(() -> in.read(ByteBuffer.allocate(1)), () -> out.write(1));
      isReleased(() -> in.read(ByteBuffer.allocateDirect(1)), () -> out.write(1));
      isReleased(() -> in.read(new ByteBuffer[] {ByteBuffer.allocate(1)}), () -> out.write(1));
    }
  }

  @Test
  void writeToAFileChannel() throws Exception {
    Path fifo = fifo();
    try (RandomAccessFile in = new RandomAccessFile(fifo.toFile(), "rw");
        FileChannel out = FileChannel.open(fifo, StandardOpenOption.WRITE)) {
      isReleased(
          () -> out.write(ByteBuffer.allocate(MORE_THAN_A_PIPE_HOLDS)),
          () -> in.readFully(new byte[MORE_THAN_A_PIPE_HOLDS]));
    }
  }

  @Test
  void readOfAFileChannelIsInterrupted() throws Exception {
    Path fifo = fifo();
    try (RandomAccessFile out = new RandomAccessFile(fifo.toFile(), "rw");
        FileChannel in = FileChannel.open(fifo, StandardOpenOption.READ)) {
      isInterrupted(() -> in.read(ByteBuffer.allocate(1)), ClosedByInterruptException.class);
      out.write(1);
    }
  }

  /** As {@code System.in} is read. */
  @Test
  void readOfALine() throws Exception {
    Path fifo = fifo();
    try (RandomAccessFile out = new RandomAccessFile(fifo.toFile(), "rw");
        BufferedReader in =
            new BufferedReader(new InputStreamReader(new FileInputStream(fifo.toFile()), UTF_8))) {
      isReleased(in::readLine, () -> out.writeBytes("line\n"));
    }
  }

  @Test
  void readByAScanner() throws Exception {
    Path fifo = fifo();
    try (RandomAccessFile out = new RandomAccessFile(fifo.toFile(), "rw");
        Scanner in = new Scanner(new FileInputStream(fifo.toFile()), UTF_8)) {
      isReleased(in::nextLine, () -> out.writeBytes("line\n"));
    }
  }

  @Test
  void copyOfAFile() throws Exception {
    Path fifo = fifo();
    Path copy = directory.resolve("copy");
    isReleased(
        () -> {
          try (var in = Files.newInputStream(fifo)) {
            Files.copy(in, copy);
          }
        },
        () -> Files.write(fifo, new byte[10]));
    assertThat(copy).hasSize(10);
  }

  // Processes.

  @Test
  void waitForAProcess() throws Exception {
    Process cat = cat();
    isReleased(cat::waitFor, () -> cat.getOutputStream().close());
  }

  @Test
  void waitForAProcessWithATimeOut() throws Exception {
    Process cat = cat();
    isReleased(() -> cat.waitFor(1, TimeUnit.HOURS), () -> cat.getOutputStream().close());
  }

  @Test
  void waitForAProcessIsInterrupted() throws Exception {
    isInterrupted(cat()::waitFor, InterruptedException.class);
  }

  @Test
  void exitOfAProcess() throws Exception {
    Process cat = cat();
    isReleased(() -> cat.onExit().get(), () -> cat.getOutputStream().close());
  }

  @Test
  void outputOfAProcess() throws Exception {
    Process cat = cat();
    isReleased(
        () -> cat.getInputStream().read(),
        () -> {
          cat.getOutputStream().write('a');
          cat.getOutputStream().flush();
        });
  }

  @Test
  void inputOfAProcess() throws Exception {
    Process cat = cat();
    isReleased(
        () -> {
          cat.getOutputStream().write(new byte[MORE_THAN_A_PIPE_HOLDS]);
          cat.getOutputStream().close();
        },
        () -> assertThat(cat.getInputStream().readAllBytes()).hasSize(MORE_THAN_A_PIPE_HOLDS));
  }
}
