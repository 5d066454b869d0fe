// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Strategies see core and never each other; this is the one module where all of them meet. */
@AnalyzeClasses(packages = "dev.interlock", importOptions = ImportOption.DoNotIncludeTests.class)
class StrategiesApartTest {
  private static final String[] STRATEGIES = {
    "dev.interlock.gil..",
    "dev.interlock.process..",
    "dev.interlock.subinterpreter..",
    "dev.interlock.freethreaded.."
  };

  @ArchTest
  static final ArchRule strategiesDoNotSeeEachOther =
      slices()
          .matching("dev.interlock.(gil|process|subinterpreter|freethreaded)..")
          .should()
          .notDependOnEachOther();

  @ArchTest
  static final ArchRule sharedMemoryNeedsNoCodec =
      noClasses()
          .that()
          .resideInAnyPackage("dev.interlock.gil..", "dev.interlock.freethreaded..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.interlock.codec..", "com.esotericsoftware..", "net.openhft..");

  @ArchTest
  static final ArchRule onlyExamplesSeeStrategies =
      classes()
          .that()
          .resideInAnyPackage(STRATEGIES)
          .should()
          .onlyHaveDependentClassesThat()
          .resideInAnyPackage(
              "dev.interlock.gil..",
              "dev.interlock.process..",
              "dev.interlock.subinterpreter..",
              "dev.interlock.freethreaded..",
              "dev.interlock.examples..");
}
