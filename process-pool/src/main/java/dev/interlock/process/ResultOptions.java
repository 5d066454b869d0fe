// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.codec.ResultClasses;
import dev.interlock.codec.TaskCodec;
import dev.interlock.config.Options;
import java.util.List;

/**
 * The options about what comes back from children.
 *
 * @param classes the classes, packages and package trees that results may consist of, beyond those
 *     that need no permission
 */
record ResultOptions(List<String> classes) {
  /** The whole key of {@link #classes}, for messages. */
  static final String CLASSES = "interlock.process-pool.result-classes";

  private static final String KEY = "result-classes";

  ResultOptions {
    classes = List.copyOf(classes);
  }

  static ResultOptions from(Options options) {
    List<String> classes = options.texts(KEY);
    for (String pattern : classes) {
      if (!ResultClasses.SYNTAX.matcher(pattern).matches()) {
        throw options.wrong(
            KEY,
            pattern,
            "a list of classes (com.example.Order), packages (com.example.*), packages with those"
                + " below them (com.example.**), or ** alone for everything");
      }
    }
    return new ResultOptions(classes);
  }

  /** The codec of a pool that was opened by code under this loader. */
  TaskCodec codec(ClassLoader loader) {
    List<Class<?>> own = List.of(ResultOptions.class);
    return TaskCodec.distrusting(loader, new ResultClasses(loader, CLASSES, classes, own));
  }
}
