// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Writes down what became of each test of the contract, in {@code
 * target/contract-results/<column>.csv}, and fails the class when other numbers were skipped than
 * the strategy declares. Both only when the whole contract ran, not a selection of it.
 */
final class ContractRecord implements BeforeAllCallback, AfterAllCallback, TestWatcher {
  private static final Namespace NAMESPACE = Namespace.create(ContractRecord.class);

  /** The outcomes of one class, in the order in which they came. */
  private static final class Outcomes {
    private final ConcurrentLinkedQueue<ContractResult> results = new ConcurrentLinkedQueue<>();
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    context.getStore(NAMESPACE).put("outcomes", new Outcomes());
  }

  @Override
  public void testSuccessful(ExtensionContext context) {
    add(context, ContractResult.Outcome.PASSED, "");
  }

  @Override
  public void testFailed(ExtensionContext context, Throwable cause) {
    add(context, ContractResult.Outcome.FAILED, cause.toString());
  }

  @Override
  public void testAborted(ExtensionContext context, Throwable cause) {
    add(context, ContractResult.Outcome.SKIPPED, String.valueOf(cause.getMessage()));
  }

  @Override
  public void testDisabled(ExtensionContext context, Optional<String> reason) {
    add(context, ContractResult.Outcome.SKIPPED, reason.orElse("disabled"));
  }

  private static void add(ExtensionContext context, ContractResult.Outcome outcome, String reason) {
    String test = context.getRequiredTestMethod().getName();
    if (ContractResult.isNumbered(test)) {
      outcomes(context)
          .add(new ContractResult(test, outcome, reason.replace("Assumption failed: ", "")));
    }
  }

  private static ConcurrentLinkedQueue<ContractResult> outcomes(ExtensionContext context) {
    return context.getStore(NAMESPACE).get("outcomes", Outcomes.class).results;
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    ExecutorContract contract = (ExecutorContract) context.getRequiredTestInstance();
    List<ContractResult> results =
        outcomes(context).stream().sorted(Comparator.comparing(ContractResult::test)).toList();
    Set<String> ran = results.stream().map(ContractResult::test).collect(Collectors.toSet());
    if (!ran.equals(allTests(contract.getClass()))) {
      return;
    }
    Path file = Path.of("target", "contract-results", contract.column() + ".csv");
    Files.createDirectories(file.getParent());
    Files.write(file, results.stream().map(ContractResult::toLine).toList());
    Set<String> skipped =
        results.stream()
            .filter(result -> result.outcome() == ContractResult.Outcome.SKIPPED)
            .map(ContractResult::number)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(skipped)
        .as("numbers of the contract that %s skips", contract.column())
        .isEqualTo(new TreeSet<>(contract.expectedSkips()));
  }

  private static Set<String> allTests(Class<?> type) {
    return Arrays.stream(type.getMethods())
        .filter(method -> method.isAnnotationPresent(Test.class))
        .map(Method::getName)
        .filter(ContractResult::isNumbered)
        .collect(Collectors.toSet());
  }
}
