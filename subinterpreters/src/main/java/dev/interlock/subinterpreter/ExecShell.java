// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import javax.tools.StandardJavaFileManager;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.Snippet;
import jdk.jshell.Snippet.Status;
import jdk.jshell.SnippetEvent;
import jdk.jshell.VarSnippet;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shell of one interpreter: compiles source against the interpreter's class path and runs it
 * part by part, on the calling thread. Declarations stay.
 *
 * <p>This class and {@link SnippetControl} alone touch jdk.jshell, which a Java runtime may lack.
 * JShell's own source analysis is not used: it starts a thread that never ends.
 */
final class ExecShell implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ExecShell.class);

  private final SnippetControl control;
  private final JShell shell;

  /** JShell opens the jars of the class path and closes none. */
  private @Nullable StandardJavaFileManager files;

  /** The line at which a snippet begins in its source, by the snippet's id. */
  private final Map<String, Integer> firstLines = new HashMap<>();

  ExecShell(InterpreterState interpreter) {
    control = new SnippetControl(interpreter.loader());
    shell =
        compiling(
            () ->
                JShell.builder()
                    .executionEngine(new Engine(control), Map.of())
                    .fileManager(this::keep)
                    .build());
    shell.addToClasspath(
        interpreter.loader().classPath().stream()
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator)));
  }

  private StandardJavaFileManager keep(StandardJavaFileManager manager) {
    files = manager;
    return manager;
  }

  /** Hands the shell the control that was made for it. */
  private record Engine(SnippetControl control) implements ExecutionControlProvider {
    @Override
    public String name() {
      return "interpreter";
    }

    @Override
    public ExecutionControl generate(ExecutionEnv env, Map<String, String> parameters) {
      return control;
    }
  }

  /** The compiler must not find, and keep, the interpreter's loader as the context loader. */
  private static <T> T compiling(java.util.function.Supplier<T> body) {
    Thread thread = Thread.currentThread();
    ClassLoader context = thread.getContextClassLoader();
    thread.setContextClassLoader(ExecShell.class.getClassLoader());
    try {
      return body.get();
    } finally {
      thread.setContextClassLoader(context);
    }
  }

  /** Runs source part by part, until one fails. */
  Reply exec(String source) {
    SourceText text = new SourceText(source);
    Map<Snippet, Integer> unresolved = new LinkedHashMap<>();
    for (SourceText.Part part : text.parts()) {
      for (SnippetEvent event : evaluate(part.code())) {
        if (event.causeSnippet() != null) {
          continue; // brought up to date with what has just been declared
        }
        Snippet snippet = event.snippet();
        firstLines.put(snippet.id(), text.line(part.start()));
        JShellException failure = event.exception();
        if (event.status() == Status.REJECTED) {
          return rejected(text, part.start(), snippet);
        } else if (failure != null) {
          return thrown(failure);
        } else if (event.status() == Status.RECOVERABLE_NOT_DEFINED) {
          unresolved.put(snippet, part.start());
        }
      }
    }
    for (Map.Entry<Snippet, Integer> one : unresolved.entrySet()) {
      if (shell.status(one.getKey()) == Status.RECOVERABLE_NOT_DEFINED) {
        return unresolved(text, one.getValue(), (DeclarationSnippet) one.getKey());
      }
    }
    return Reply.DONE;
  }

  private List<SnippetEvent> evaluate(String code) {
    return compiling(() -> shell.eval(code));
  }

  private Reply rejected(SourceText text, int start, Snippet snippet) {
    List<InvalidSourceException.Problem> problems =
        shell
            .diagnostics(snippet)
            .filter(Diag::isError)
            .map(diag -> text.problem(start + (int) diag.getPosition(), diag.getMessage(null)))
            .toList();
    return new Reply.Rejected(
        problems.isEmpty() ? List.of(text.problem(start, "it does not compile")) : problems);
  }

  private Reply unresolved(SourceText text, int start, DeclarationSnippet snippet) {
    String names = shell.unresolvedDependencies(snippet).collect(Collectors.joining(", "));
    return new Reply.Rejected(List.of(text.problem(start, "cannot find " + names)));
  }

  private Reply thrown(JShellException failure) {
    Throwable raw = control.takeThrown();
    if (!(failure instanceof EvalException evaluation)) {
      return new Reply.Thrown(
          failure.getClass().getName(), failure.getMessage(), String.valueOf(failure.getMessage()));
    }
    String causes = "";
    if (raw != null) {
      Reply.Thrown reply = Reply.Thrown.of(raw);
      if (!reply.type().equals(raw.getClass().getName())) {
        return reply; // it has been explained
      }
      int begin = reply.text().indexOf("Caused by: ");
      causes = begin < 0 ? "" : reply.text().substring(begin);
    }
    String type = evaluation.getExceptionClassName();
    String message = evaluation.getMessage();
    StringBuilder text = new StringBuilder(message == null ? type : type + ": " + message);
    for (StackTraceElement frame : evaluation.getStackTrace()) {
      text.append("\n\tat ").append(inSource(frame));
    }
    return new Reply.Thrown(type, message, text.append('\n').append(causes).toString());
  }

  /** JShell calls the file of snippet 3 {@code #3}, and counts lines from its beginning. */
  private String inSource(StackTraceElement frame) {
    String file = frame.getFileName();
    Integer first =
        file == null || !file.startsWith("#") ? null : firstLines.get(file.substring(1));
    if (first == null) {
      return frame.toString();
    }
    String method = frame.getMethodName().isEmpty() ? "" : frame.getMethodName() + " ";
    return method + "(exec, line " + (first + frame.getLineNumber() - 1) + ")";
  }

  // Variables.

  /** Declares a variable of a fitting type and gives it a value. */
  void declare(String name, @Nullable Object value) {
    VarSnippet variable = declare(name, DeclaredType.of(value));
    if (variable == null) {
      variable = declare(name, "Object"); // the compiler does not find the class of the value
    }
    use(Objects.requireNonNull(variable), field -> field.set(null, value));
  }

  private @Nullable VarSnippet declare(String name, String type) {
    SnippetEvent event = evaluate(type + " " + name + ";").get(0);
    return event.status() == Status.VALID ? (VarSnippet) event.snippet() : null;
  }

  boolean has(String name) {
    return find(name) != null;
  }

  /** The value of a variable that there is. */
  @Nullable Object read(String name) {
    @Nullable Object[] value = new Object[1];
    use(Objects.requireNonNull(find(name)), field -> value[0] = field.get(null));
    return value[0];
  }

  private @Nullable VarSnippet find(String name) {
    return shell
        .variables()
        .filter(variable -> variable.name().equals(name) && shell.status(variable) == Status.VALID)
        .findFirst()
        .orElse(null);
  }

  private void use(VarSnippet variable, SnippetControl.FieldUse use) {
    control.onNextVariable(use);
    shell.varValue(variable);
  }

  @Override
  public void close() {
    shell.close();
    StandardJavaFileManager manager = files;
    if (manager != null) {
      try {
        manager.close();
      } catch (IOException e) {
        log.warn("The compiler's files cannot be closed", e);
      }
    }
  }

  /** What a variable is declared as, so that source can use its value. */
  private static final class DeclaredType {
    private static final Map<Class<?>, String> PRIMITIVES =
        Map.of(
            Integer.class, "int",
            Long.class, "long",
            Double.class, "double",
            Boolean.class, "boolean",
            Character.class, "char",
            Float.class, "float",
            Short.class, "short",
            Byte.class, "byte");

    private static String of(@Nullable Object value) {
      if (value == null) {
        return "Object";
      }
      String primitive = PRIMITIVES.get(value.getClass());
      if (primitive != null) {
        return primitive;
      }
      if (value instanceof List<?> list) {
        return "java.util.List<" + elements(list) + ">";
      }
      return value instanceof ByteBuffer ? "java.nio.ByteBuffer" : name(value.getClass());
    }

    /** The class that all elements have, if they have one. */
    private static String elements(List<?> list) {
      Class<?> common = null;
      for (Object element : list) {
        if (element == null || (common != null && common != element.getClass())) {
          return "Object";
        }
        common = element.getClass();
      }
      return common == null || List.class.isAssignableFrom(common) ? "Object" : name(common);
    }

    private static String name(Class<?> type) {
      String name = type.getCanonicalName();
      return name == null ? "Object" : name;
    }
  }
}
