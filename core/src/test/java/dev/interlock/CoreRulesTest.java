// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What may depend on what in core. */
@AnalyzeClasses(packages = "dev.interlock", importOptions = ImportOption.DoNotIncludeTests.class)
class CoreRulesTest {
  @ArchTest
  static final ArchRule coreKnowsNoStrategy =
      classes()
          .should()
          .resideInAnyPackage(
              "dev.interlock", "dev.interlock.spi", "dev.interlock.config", "dev.interlock.codec")
          .andShould()
          .onlyDependOnClassesThat()
          .resideOutsideOfPackages(
              "dev.interlock.gil..",
              "dev.interlock.process..",
              "dev.interlock.subinterpreter..",
              "dev.interlock.freethreaded..",
              "net.openhft..");

  @ArchTest
  static final ArchRule onlyTheCodecDependsOnKryo =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.interlock.codec")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.esotericsoftware..");

  @ArchTest
  static final ArchRule codecIsUsedByStrategiesOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.interlock.codec")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.interlock.codec");

  @ArchTest
  static final ArchRule apiShowsNoConfigurationInternals =
      noClasses()
          .that()
          .resideInAPackage("dev.interlock")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.interlock.config");

  /** The API and the SPI are two faces of one thing, and configuration throws the API's error. */
  @ArchTest
  static final ArchRule noCyclesButOfTheApiWithItsSpi =
      slices().matching("dev.interlock.(*)..").should().beFreeOfCycles();
}
