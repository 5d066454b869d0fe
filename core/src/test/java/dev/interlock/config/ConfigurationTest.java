// SPDX-License-Identifier: Apache-2.0
package dev.interlock.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.interlock.Capability;
import dev.interlock.ConfigurationException;
import dev.interlock.Interlock;
import dev.interlock.contract.LeakCheck;
import dev.interlock.contract.reference.ProviderLoader;
import dev.interlock.spi.ExecutorSettings;
import dev.interlock.spi.QueuePolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers of configuration, and errors that say what is wrong, where, and what is allowed. */
@ExtendWith(LeakCheck.class)
class ConfigurationTest {
  private final ProviderLoader loader = ProbeProvider.loader();
  private final List<String> properties = new ArrayList<>();
  @TempDir private Path directory;

  @AfterEach
  void clearProperties() {
    properties.forEach(System::clearProperty);
  }

  private void setProperty(String key, String value) {
    properties.add(key);
    System.setProperty(key, value);
  }

  private Path file(String content) throws Exception {
    return Files.writeString(directory.resolve("application.conf"), content);
  }

  private Config application(String content) throws Exception {
    return ConfigFactory.parseFile(file(content).toFile());
  }

  private ExecutorSettings open(Interlock.Builder builder) {
    loader.call(builder::open).close();
    return ProbeProvider.told;
  }

  /** Runs tasks elsewhere than on threads of this process's own. */
  public static final class Isolated extends ProbeProvider {
    @Override
    public Set<Capability> capabilities() {
      return Set.of(Capability.ISOLATED_STATE);
    }
  }

  @Test
  void aThreadFactoryIsRefusedWhereNoThreadComesFromIt() {
    ThreadFactory factory = Thread::new;
    assertThat(open(Interlock.builder().threadFactory(factory)).threadFactory()).isSameAs(factory);
    ProviderLoader isolated =
        new ProviderLoader(List.of(Isolated.class)).with("reference.conf", ProbeProvider.REFERENCE);
    assertThatThrownBy(() -> isolated.call(Interlock.builder().threadFactory(factory)::open))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("probe")
        .hasMessageContaining("Leave it out");
  }

  @Test
  void defaultsAreThoseOfTheReference() {
    ExecutorSettings told = open(Interlock.builder());
    assertThat(told.strategy()).isEqualTo("probe");
    assertThat(told.name()).matches("probe-\\d+");
    assertThat(told.workers()).isEqualTo(1);
    assertThat(told.queueCapacity()).isZero();
    assertThat(told.whenFull()).isEqualTo(QueuePolicy.BLOCK);
    assertThat(told.submitSite()).isFalse();
    assertThat(told.chunkTime()).isEqualTo(Duration.ofMillis(5));
    assertThat(told.options().integer("size", 1, 10)).isEqualTo(5);
    assertThat(told.options().duration("limit", Duration.ZERO, Duration.ofHours(1)))
        .isEqualTo(Duration.ofSeconds(2));
    assertThat(told.options().bytes("memory", 0, 1 << 20)).isEqualTo(65_536);
    assertThat(told.options().flag("flag")).isTrue();
    assertThat(told.options().texts("names")).containsExactly("a", "b");
  }

  @Test
  void codeIsStrongerThanPropertiesThanTheFileThanTheReference() throws Exception {
    Config application =
        application("interlock { workers = 2, name = of-file, probe.size = 6, probe.flag = no }");
    ExecutorSettings byFile = open(Interlock.builder().config(application));
    assertThat(byFile.workers()).isEqualTo(2);
    assertThat(byFile.name()).isEqualTo("of-file");
    assertThat(byFile.options().integer("size", 1, 10)).isEqualTo(6);

    setProperty("interlock.workers", "3");
    setProperty("interlock.probe.size", "7");
    ExecutorSettings byProperty = open(Interlock.builder().config(application));
    assertThat(byProperty.workers()).isEqualTo(3);
    assertThat(byProperty.name()).isEqualTo("of-file");
    assertThat(byProperty.options().integer("size", 1, 10)).isEqualTo(7);

    ExecutorSettings byCode =
        open(Interlock.builder().config(application).workers(4).set("probe.size", 8));
    assertThat(byCode.workers()).isEqualTo(4);
    assertThat(byCode.options().integer("size", 1, 10)).isEqualTo(8);
    assertThat(byCode.options().flag("flag")).isFalse();
  }

  @Test
  void propertyIsReadAnewAtEachOpen() {
    setProperty("interlock.workers", "2");
    assertThat(open(Interlock.builder()).workers()).isEqualTo(2);
    setProperty("interlock.workers", "3");
    assertThat(open(Interlock.builder()).workers()).isEqualTo(3);
    System.clearProperty("interlock.workers");
    assertThat(open(Interlock.builder()).workers()).isEqualTo(1);
  }

  @Test
  void fileNamedByPropertyCounts() throws Exception {
    setProperty("config.file", file("interlock.workers = 6").toString());
    assertThat(open(Interlock.builder()).workers()).isEqualTo(6);
  }

  @Test
  void unknownKeyNamesFileLineAndKeysThatExist() throws Exception {
    Config application = application("interlock {\n  workers = 2\n  wrokers = 3\n}\n");
    assertThatThrownBy(() -> open(Interlock.builder().config(application)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "Unknown key interlock.wrokers (%s: 3). Keys of interlock: map, name, probe, queue,"
                + " strategy, submit-site, task, workers.",
            directory.resolve("application.conf"));
  }

  @Test
  void unknownKeysOfSectionsAreFound() throws Exception {
    Config queue = application("interlock.queue {\n  capcity = 2\n}\n");
    assertThatThrownBy(() -> open(Interlock.builder().config(queue)))
        .hasMessageContaining("Unknown key interlock.queue.capcity")
        .hasMessageContaining("application.conf: 2")
        .hasMessageContaining("Keys of interlock.queue: capacity, when-full.");
    assertThatThrownBy(() -> open(Interlock.builder().set("probe.siez", 1)))
        .hasMessageContaining("Unknown key interlock.probe.siez (set in code)")
        .hasMessageContaining("flag, limit, memory, mode, names, size");
    setProperty("interlock.prob.size", "1");
    assertThatThrownBy(() -> open(Interlock.builder()))
        .hasMessageContaining("Unknown key interlock.prob.size (system property)");
  }

  @Test
  void keysOfStrategiesThatAreNotThereAreLetThrough() throws Exception {
    Config application = application("interlock.gil-threading.switch-interval = 1ms");
    assertThat(open(Interlock.builder().config(application)).workers()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "workers | many | interlock.workers is 'many' | 'auto', or a whole number from 1 to 32767",
        "workers | 0 | interlock.workers is '0' | from 1 to 32767",
        "workers | 2.5 | interlock.workers is '2.5' | a whole number",
        "queue.capacity | -1 | interlock.queue.capacity is '-1' | from 0 to 1073741824",
        "queue.when-full | wait | interlock.queue.when-full is 'wait' | one of block, reject,"
            + " caller-runs",
        "submit-site | perhaps | interlock.submit-site is 'perhaps' | one of on, off, auto",
        "map.chunk-time | 2h | interlock.map.chunk-time is '2h' | a duration from 1000ns to 3600s",
        "map.chunk-time | soon | interlock.map.chunk-time is 'soon' | such as 5ms or 2s",
        "strategy | none-such | interlock.strategy is 'none-such' | there is no such strategy",
      })
  void wrongValueNamesKeyValueOriginAndWhatIsAllowed(
      String key, String value, String said, String allowed) throws Exception {
    Config application = application("interlock {\n\n " + key + " = " + value + "\n}");
    assertThatThrownBy(() -> open(Interlock.builder().config(application)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(said)
        .hasMessageContaining("(" + directory.resolve("application.conf") + ": 3)")
        .hasMessageContaining(allowed);
    setProperty("interlock." + key, value);
    assertThatThrownBy(() -> open(Interlock.builder()))
        .hasMessageContaining(said)
        .hasMessageContaining("(system property)")
        .hasMessageContaining(allowed);
    assertThatThrownBy(() -> open(Interlock.builder().set(key, value)))
        .hasMessageContaining(said)
        .hasMessageContaining("(set in code)")
        .hasMessageContaining(allowed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "interlock.workers = null | interlock.workers",
        "interlock.workers { a = 1 } | interlock.workers",
        "interlock.workers = [1] | interlock.workers",
        "interlock.queue = 5 | interlock.queue",
        "interlock.queue.when-full = [block] | interlock.queue.when-full",
        "interlock.strategy = null | interlock.strategy",
        "interlock.name = {} | interlock.name",
        "interlock = 5 | interlock",
      })
  void valueOfTheWrongShapeIsAConfigurationError(String content, String key) throws Exception {
    Config application = application(content);
    assertThatThrownBy(() -> open(Interlock.builder().config(application)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(key)
        .hasMessageContaining("application.conf: 1");
  }

  @Test
  void fileThatCannotBeParsedNamesItsLine() throws Exception {
    Path file = file("interlock {\n  workers = \n");
    setProperty("config.file", file.toString());
    assertThatThrownBy(() -> open(Interlock.builder()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("cannot be read")
        .hasMessageContaining(file.toString());
  }

  @Test
  void optionsOfTheStrategyAreCheckedAsTheyAreRead() {
    ExecutorSettings told =
        open(
            Interlock.builder()
                .set("probe.size", "11")
                .set("probe.limit", "-1s")
                .set("probe.memory", "many")
                .set("probe.mode", "other")
                .set("probe.flag", "perhaps")
                .set("probe.names", "'a"));
    Options options = told.options();
    assertThatThrownBy(() -> options.integer("size", 1, 10))
        .hasMessage(
            "interlock.probe.size is '11' (set in code), but must be a whole number from 1 to 10.");
    assertThatThrownBy(() -> options.duration("limit", Duration.ZERO, Duration.ofSeconds(9)))
        .hasMessageContaining("interlock.probe.limit is '-1s'")
        .hasMessageContaining("a duration from 0 to 9s");
    assertThatThrownBy(() -> options.bytes("memory", 1, 100))
        .hasMessageContaining("a size from 1 to 100 bytes");
    assertThatThrownBy(() -> options.choice("mode", QueuePolicy.class))
        .hasMessageContaining("one of block, reject, caller-runs");
    assertThatThrownBy(() -> options.flag("flag")).hasMessageContaining("true or false");
    assertThatThrownBy(() -> options.texts("names")).hasMessageContaining("a list of texts");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a                    | a",
        "  -Xmx1g   -Dk=v      | -Xmx1g,-Dk=v",
        "'b c' d              | b c,d",
        "-Dk=\"x y\"'z w' e   | -Dk=x yz w,e",
        "[a, \"b c\"]          | a,b c",
        "``                   | ``",
        "[]                   | ``",
      })
  void listsCanBeWrittenInASystemProperty(String written, String expected) {
    setProperty("interlock.probe.names", written);
    List<String> names = open(Interlock.builder()).options().texts("names");
    assertThat(String.join(",", names)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[a", "'a b", "a \"b"})
  void listsThatAreNotClosedAreRefused(String written) {
    setProperty("interlock.probe.names", written);
    Options options = open(Interlock.builder()).options();
    assertThatThrownBy(() -> options.texts("names"))
        .hasMessageContaining("interlock.probe.names")
        .hasMessageContaining("a list of texts");
  }

  @Test
  void largestQueueCanBeShutDown() {
    Interlock.Builder builder = Interlock.builder().queue(1 << 30, QueuePolicy.BLOCK);
    assertThat(open(builder).queueCapacity()).isEqualTo(1 << 30);
  }
}
