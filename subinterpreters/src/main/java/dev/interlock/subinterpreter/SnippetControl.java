// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import jdk.jshell.execution.DirectExecutionControl;
import jdk.jshell.execution.LoaderDelegate;
import jdk.jshell.spi.ExecutionControl.ClassBytecodes;
import org.jspecify.annotations.Nullable;

/**
 * Runs the snippets of a shell where the shell is called: on the interpreter's thread, in its
 * loader. The JDK's own {@code LocalExecutionControl} uses a thread of its own, which would not
 * hold the interpreter's lock.
 */
final class SnippetControl extends DirectExecutionControl {
  private final ClassLoader loader;

  /** What {@link #varValue} is to do besides, on behalf of {@link ExecShell}. */
  private @Nullable FieldUse use;

  /** What was thrown last. */
  private @Nullable Throwable thrown;

  /** Something to do with the static field that a variable is. */
  interface FieldUse {
    void with(Field field) throws IllegalAccessException;
  }

  /** Defines the classes of snippets in the interpreter's loader. */
  private static final class Definer implements LoaderDelegate {
    private final InterpreterLoader loader;

    Definer(InterpreterLoader loader) {
      this.loader = loader;
    }

    @Override
    public void load(ClassBytecodes[] classes) throws ClassInstallException {
      boolean[] installed = new boolean[classes.length];
      for (int i = 0; i < classes.length; i++) {
        try {
          loader.define(classes[i].name(), classes[i].bytecodes());
          installed[i] = true;
        } catch (LinkageError e) {
          throw new ClassInstallException(classes[i].name() + ": " + e, installed);
        }
      }
    }

    @Override
    public void classesRedefined(ClassBytecodes[] classes) {
      throw new UnsupportedOperationException("the shell gives redefined classes new names");
    }

    /** The loader knows the class path already. */
    @Override
    public void addToClasspath(String path) {}

    @Override
    public Class<?> findClass(String name) throws ClassNotFoundException {
      return loader.loadClass(name);
    }
  }

  SnippetControl(InterpreterLoader loader) {
    super(new Definer(loader));
    this.loader = loader;
  }

  /** The compiler runs under Interlock's context loader, snippets under the interpreter's. */
  @Override
  protected String invoke(Method method) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader compilers = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      method.invoke(null);
      return ""; // its text is of no interest, and might be costly
    } finally {
      thread.setContextClassLoader(compilers);
    }
  }

  @Override
  protected String throwConvertedInvocationException(Throwable cause)
      throws RunException, InternalException {
    thrown = cause;
    return super.throwConvertedInvocationException(cause);
  }

  /** Returns what was thrown last, and forgets it. */
  @Nullable Throwable takeThrown() {
    Throwable last = thrown;
    thrown = null;
    return last;
  }

  /** The next {@link #varValue} does {@code what}, and nothing else. */
  void onNextVariable(FieldUse what) {
    use = what;
  }

  @Override
  public String varValue(String className, String variable)
      throws RunException, EngineTerminationException, InternalException {
    FieldUse what = use;
    if (what == null) {
      return super.varValue(className, variable);
    }
    use = null;
    try {
      Field field = findClass(className).getDeclaredField(variable);
      field.setAccessible(true);
      what.with(field);
      return "";
    } catch (ReflectiveOperationException e) {
      throw new InternalException(e.toString());
    }
  }
}
