// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

/** Names of tasks for messages. */
final class Descriptions {
  private Descriptions() {}

  /** The class that the user wrote, behind Interlock's own wrapper. */
  static Class<?> classOf(Object task) {
    return task instanceof ActionTask wrapper ? wrapper.action().getClass() : task.getClass();
  }

  /** {@code com.example.Report lambda} for a lambda, else the class name. */
  static String ofClass(Class<?> type) {
    String name = type.getName();
    int lambda = name.indexOf("$$Lambda");
    return lambda < 0 ? name : name.substring(0, lambda) + " lambda";
  }
}
