// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.agent;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Loads the agent into the JVM that runs already. A JVM may not attach to itself, so this class is
 * also the main class of a short-lived JVM that attaches to its parent.
 */
public final class AgentAttachment {
  private static final long LIMIT_S = 60;

  private AgentAttachment() {}

  /**
   * Loads the agent and has it instrument; blocks until it has. Takes about half a second.
   *
   * @throws IllegalStateException if that fails; the message says why and what to do
   */
  public static void attach() {
    Path jar =
        AgentJar.path()
            .orElseThrow(
                () -> new IllegalStateException("The agent has no jar here. " + AgentJar.advice()));
    try {
      String failure = run(jar);
      if (!failure.isEmpty()) {
        throw failed(failure, null);
      }
    } catch (IOException e) {
      throw failed(e.toString(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("interrupted", e);
    }
  }

  private static IllegalStateException failed(
      String why, @org.jspecify.annotations.Nullable Exception cause) {
    return new IllegalStateException(
        "The agent could not be attached to this JVM (" + why + "). " + AgentJar.advice(), cause);
  }

  /** Runs the other JVM; what it says if it fails, else nothing. */
  private static String run(Path jar) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-cp",
                    jar.toString(),
                    AgentAttachment.class.getName(),
                    Long.toString(ProcessHandle.current().pid()),
                    jar.toString()))
            .redirectErrorStream(true)
            .start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS)) {
        return "no answer in " + LIMIT_S + " s";
      }
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.exitValue() == 0
          ? ""
          : "exit code " + process.exitValue() + ": " + said.strip();
    } finally {
      process.destroyForcibly();
    }
  }

  /**
   * In the other JVM.
   *
   * @param args the process to attach to, and the agent's jar
   */
  public static void main(String[] args)
      throws IOException,
          AttachNotSupportedException,
          AgentLoadException,
          AgentInitializationException {
    VirtualMachine parent = VirtualMachine.attach(args[0]);
    try {
      parent.loadAgent(args[1], GilAgent.ACTIVATE);
    } finally {
      parent.detach();
    }
  }
}
