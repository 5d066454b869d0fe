// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Which methods can be reached from others by the byte code of a set of classes, and what monitors
 * and locks there are on the way. A call of a method reaches all that override it in these classes;
 * making a lambda counts as calling it. Calls out of the set are looked at and not followed.
 */
final class CallGraph {
  /** A method by its class, name and descriptor. */
  record Method(String owner, String name, String descriptor) {
    @Override
    public String toString() {
      return owner.replace('/', '.') + "." + name;
    }
  }

  private final Map<String, ClassNode> classes = new HashMap<>();

  CallGraph(Collection<String> classNames) {
    for (String name : classNames) {
      load(name.replace('.', '/'));
    }
  }

  private void load(String internalName) {
    if (classes.containsKey(internalName)) {
      return;
    }
    try (InputStream code = ClassLoader.getSystemResourceAsStream(internalName + ".class")) {
      ClassNode node = new ClassNode();
      new ClassReader(code.readAllBytes()).accept(node, ClassReader.SKIP_DEBUG);
      classes.put(internalName, node);
      if (node.nestMembers != null) {
        node.nestMembers.forEach(this::load);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is reached, each with the method that it was reached from first. */
  final class Reach {
    private final Map<Method, Method> from = new LinkedHashMap<>();
    private final Set<String> violations = new LinkedHashSet<>();
    private final Set<String> boundaries;
    private final Set<String> metBoundaries = new LinkedHashSet<>();
    private final Deque<Method> open = new ArrayDeque<>();

    private Reach(Set<String> boundaries) {
      this.boundaries = boundaries;
    }

    /** Each monitor or lock, with the way to it. */
    Set<String> violations() {
      return violations;
    }

    /** Where it was told to stop and did. */
    Set<String> metBoundaries() {
      return metBoundaries;
    }

    boolean reaches(String method) {
      return from.keySet().stream().anyMatch(reached -> reached.toString().equals(method));
    }

    private void visit(Method method, Method caller) {
      String type = method.owner().replace('/', '.');
      for (String boundary : List.of(type, type + "." + method.name())) {
        if (boundaries.contains(boundary)) {
          metBoundaries.add(boundary);
          return;
        }
      }
      if (!from.containsKey(method)) {
        from.put(method, caller);
        open.add(method);
      }
    }

    private void violation(Method in, String what) {
      List<String> way = new ArrayList<>();
      for (Method step = in; step != null; step = from.get(step)) {
        way.add(0, step.toString());
      }
      violations.add(what + "\n    by " + String.join("\n    -> ", way));
    }

    private void run() {
      while (!open.isEmpty()) {
        Method method = open.remove();
        MethodNode code = code(method);
        if (code != null) {
          look(method, code);
        }
      }
    }

    private void look(Method method, MethodNode code) {
      if ((code.access & Opcodes.ACC_SYNCHRONIZED) != 0) {
        violation(method, "a synchronized method");
      }
      for (AbstractInsnNode instruction : code.instructions) {
        if (instruction.getOpcode() == Opcodes.MONITORENTER) {
          violation(method, "a synchronized block");
        } else if (instruction instanceof MethodInsnNode call) {
          called(method, new Method(call.owner, call.name, call.desc), call.getOpcode());
        } else if (instruction instanceof InvokeDynamicInsnNode made) {
          for (Object argument : made.bsmArgs) {
            if (argument instanceof Handle handle) {
              called(
                  method,
                  new Method(handle.getOwner(), handle.getName(), handle.getDesc()),
                  Opcodes.INVOKEVIRTUAL);
            }
          }
        }
      }
    }

    private void called(Method caller, Method target, int opcode) {
      if (isLock(target)) {
        violation(caller, "a call of " + target);
        return;
      }
      for (String type = target.owner(); classes.containsKey(type); type = superOf(type)) {
        Method here = new Method(type, target.name(), target.descriptor());
        if (code(here) != null) {
          visit(here, caller);
          break;
        }
      }
      if (opcode == Opcodes.INVOKEVIRTUAL || opcode == Opcodes.INVOKEINTERFACE) {
        for (String type : classes.keySet()) {
          Method there = new Method(type, target.name(), target.descriptor());
          if (code(there) != null && isSubtype(type, target.owner())) {
            visit(there, caller);
          }
        }
      }
    }
  }

  /** What the named methods reach, all of that name: of the class, else of the nearest above it. */
  Reach from(Map<Class<?>, List<String>> roots, Set<String> boundaries) {
    Reach reach = new Reach(boundaries);
    roots.forEach((type, names) -> names.forEach(name -> visitAll(reach, type, name)));
    reach.run();
    return reach;
  }

  private void visitAll(Reach reach, Class<?> root, String name) {
    String owner = root.getName().replace('.', '/');
    while (classes.containsKey(owner)) {
      boolean found = false;
      for (MethodNode method : classes.get(owner).methods) {
        if (method.name.equals(name)) {
          reach.visit(new Method(owner, name, method.desc), null);
          found = true;
        }
      }
      if (found) {
        return;
      }
      owner = superOf(owner);
    }
    throw new IllegalArgumentException(root + " has no method " + name);
  }

  private static boolean isLock(Method method) {
    String owner = method.owner();
    return (owner.startsWith("java/util/concurrent/locks/") && !owner.endsWith("/LockSupport"))
        || Set.of(
                "java/util/concurrent/CountDownLatch",
                "java/util/concurrent/Semaphore",
                "java/util/concurrent/CyclicBarrier",
                "java/util/concurrent/Exchanger",
                "java/util/concurrent/SynchronousQueue",
                "java/util/concurrent/BlockingQueue",
                "java/util/concurrent/LinkedBlockingQueue",
                "java/util/concurrent/ConcurrentHashMap")
            .contains(owner)
        || (owner.equals("java/lang/Object")
            && Set.of("wait", "notify", "notifyAll").contains(method.name()))
        || (owner.equals("java/lang/Thread") && Set.of("join", "sleep").contains(method.name()));
  }

  private MethodNode code(Method method) {
    ClassNode type = classes.get(method.owner());
    if (type != null) {
      for (MethodNode candidate : type.methods) {
        if (candidate.name.equals(method.name()) && candidate.desc.equals(method.descriptor())) {
          return candidate;
        }
      }
    }
    return null;
  }

  private String superOf(String type) {
    return String.valueOf(classes.get(type).superName);
  }

  private boolean isSubtype(String type, String of) {
    if (type.equals(of)) {
      return true;
    }
    ClassNode node = classes.get(type);
    if (node == null) {
      return false;
    }
    return (node.superName != null && isSubtype(node.superName, of))
        || node.interfaces.stream().anyMatch(implemented -> isSubtype(implemented, of));
  }
}
