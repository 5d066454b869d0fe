// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What never crosses, however it is declared, and what to do instead. */
final class RefusedTypes {
  private static final String RESOURCE =
      "Open it inside the task: pass what is needed to open it, such as an address or a path.";
  private static final String THREADS =
      "Threads and executors stay where they are: open an executor inside the task.";
  private static final String FUTURE = "Pass the value, not the future: call get() before.";
  private static final String REFERENCE = "Pass the object that it refers to.";
  private static final String LOADER = "Class loaders stay where they are: pass names of classes.";
  private static final String REFLECTION = "Pass names, and look it up inside the task.";

  private static final Map<Class<?>, String> HINTS = new LinkedHashMap<>();

  static {
    HINTS.put(Thread.class, THREADS);
    HINTS.put(ThreadGroup.class, THREADS);
    HINTS.put(java.util.concurrent.ExecutorService.class, THREADS);
    HINTS.put(java.util.concurrent.CompletionService.class, THREADS);
    HINTS.put(java.util.concurrent.ThreadFactory.class, THREADS);
    HINTS.put(java.util.Timer.class, THREADS);
    HINTS.put(java.util.TimerTask.class, THREADS);
    HINTS.put(java.util.concurrent.Future.class, FUTURE);
    HINTS.put(java.util.concurrent.CompletionStage.class, FUTURE);
    HINTS.put(Process.class, RESOURCE);
    HINTS.put(ProcessHandle.class, "Pass its pid().");
    HINTS.put(java.net.Socket.class, RESOURCE);
    HINTS.put(java.net.ServerSocket.class, RESOURCE);
    HINTS.put(java.net.DatagramSocket.class, RESOURCE);
    HINTS.put(java.net.URLConnection.class, RESOURCE);
    HINTS.put(java.io.InputStream.class, RESOURCE);
    HINTS.put(java.io.OutputStream.class, RESOURCE);
    HINTS.put(java.io.Reader.class, RESOURCE);
    HINTS.put(java.io.Writer.class, RESOURCE);
    HINTS.put(java.io.RandomAccessFile.class, RESOURCE);
    HINTS.put(java.io.FileDescriptor.class, RESOURCE);
    HINTS.put(java.nio.channels.Channel.class, RESOURCE);
    HINTS.put(java.nio.channels.Selector.class, RESOURCE);
    HINTS.put(java.nio.file.FileSystem.class, RESOURCE);
    HINTS.put(java.nio.file.WatchService.class, RESOURCE);
    HINTS.put(java.util.zip.ZipFile.class, RESOURCE);
    HINTS.put(java.nio.Buffer.class, "Pass its content as an array, or a direct ByteBuffer.");
    HINTS.put(java.util.stream.BaseStream.class, "Pass what it yields: collect it into a list.");
    HINTS.put(java.util.Scanner.class, RESOURCE);
    HINTS.put(ClassLoader.class, LOADER);
    HINTS.put(Module.class, LOADER);
    HINTS.put(ModuleLayer.class, LOADER);
    HINTS.put(java.lang.ref.Reference.class, REFERENCE);
    HINTS.put(java.lang.ref.ReferenceQueue.class, REFERENCE);
    HINTS.put(java.lang.ref.Cleaner.class, RESOURCE);
    HINTS.put(ThreadLocal.class, "Pass its value.");
    HINTS.put(java.lang.reflect.AccessibleObject.class, REFLECTION);
    HINTS.put(java.lang.invoke.MethodHandle.class, REFLECTION);
    HINTS.put(java.lang.invoke.VarHandle.class, REFLECTION);
    HINTS.put(java.lang.invoke.MethodHandles.Lookup.class, REFLECTION);
  }

  private RefusedTypes() {}

  /** The hint for a class that is refused, or null if it is not. */
  static @Nullable String hint(Class<?> type) {
    for (Map.Entry<Class<?>, String> entry : HINTS.entrySet()) {
      if (entry.getKey().isAssignableFrom(type)) {
        return entry.getValue();
      }
    }
    return null;
  }
}
