// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.interlock.spi.InterruptSlot;
import dev.interlock.spi.TaskRun;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;

/** No monitor and no lock in what runs between submit and result, by the byte code. */
class LockFreedomTest {
  private static final String OURS = "dev.interlock.freethreaded";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(OURS);

  @Test
  void noClassUsesALockOrABlockingQueue() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage("java.util.concurrent.locks")
                .and(not(assignableTo(LockSupport.class)))
                .or(assignableTo(BlockingQueue.class))
                .or(assignableTo(CountDownLatch.class)))
        .check(CLASSES);
  }

  @Test
  void noMethodIsSynchronized() {
    noMethods().should().haveModifier(JavaModifier.SYNCHRONIZED).check(CLASSES);
  }

  @Test
  void noByteCodeEntersAMonitor() {
    List<String> names = new ArrayList<>(CLASSES.stream().map(JavaClass::getName).toList());
    names.remove(OURS + ".package-info");
    assertThat(names).contains(OURS + ".Scheduler", OURS + ".Worker");
    names.add(TaskRun.class.getName());
    names.add(InterruptSlot.class.getName());
    assertThat(disassembled(names))
        .contains("class " + OURS + ".Worker", "class " + TaskRun.class.getName(), "Code:")
        .doesNotContain("monitorenter");
  }

  private static String disassembled(List<String> classNames) {
    StringWriter out = new StringWriter();
    PrintWriter writer = new PrintWriter(out);
    List<String> arguments =
        new ArrayList<>(List.of("-c", "-p", "-cp", System.getProperty("java.class.path")));
    arguments.addAll(classNames);
    int exit =
        ToolProvider.findFirst("javap")
            .orElseThrow()
            .run(writer, writer, arguments.toArray(String[]::new));
    assertThat(exit).as("javap: %s", out).isZero();
    return out.toString();
  }
}
