// SPDX-License-Identifier: Apache-2.0
package dev.interlock.underfire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.cache.CacheBuilder;
import com.google.common.cache.CacheLoader;
import com.google.common.cache.LoadingCache;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.lang3.StringUtils;
import org.apache.commons.lang3.builder.EqualsBuilder;
import org.apache.commons.lang3.builder.HashCodeBuilder;
import org.apache.commons.lang3.builder.ToStringBuilder;
import org.apache.commons.lang3.builder.ToStringStyle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Libraries that people use, instrumented, in tasks that are switched as often as can be. */
@Tag("instrumented")
@Timeout(180)
class LibrariesUnderFireTest {
  private static final int TASKS = 6;

  private Arena arena;

  /** What Jackson writes and reads. */
  record Order(int id, String customer, List<Double> prices, Map<String, Integer> counts) {
    static Order number(int id) {
      return new Order(id, "c" + id % 7, List.of(id * 1.5, id / 3.0), Map.of("n", id));
    }
  }

  @BeforeEach
  void open() {
    arena = new Arena(TASKS, Duration.ofNanos(1));
  }

  @AfterEach
  void close() {
    arena.close();
  }

  @Test
  void guavasCacheLoadsEachKeyOnce() throws Exception {
    AtomicInteger loads = new AtomicInteger();
    LoadingCache<Integer, String> cache =
        CacheBuilder.newBuilder()
            .build(
                CacheLoader.from(
                    key -> {
                      loads.incrementAndGet();
                      return Hashing.sha256()
                          .hashString("k" + key, StandardCharsets.UTF_8)
                          .toString();
                    }));
    arena.run(
        TASKS,
        100,
        () -> {
          for (int key = 0; key < 100; key++) {
            assertThat(cache.get(key)).hasSize(64);
            arena.update();
          }
          ImmutableSortedMap.Builder<Integer, String> sorted = ImmutableSortedMap.naturalOrder();
          cache.asMap().forEach(sorted::put);
          assertThat(sorted.build().firstKey()).isZero();
        });
    assertThat(loads).hasValue(100);
  }

  @Test
  void jacksonWritesAndReads() throws Exception {
    JsonMapper mapper = new JsonMapper();
    arena.run(
        TASKS,
        50,
        () -> {
          for (int i = 0; i < 50; i++) {
            Order order = Order.number(i);
            assertThat(mapper.readValue(mapper.writeValueAsBytes(order), Order.class))
                .isEqualTo(order);
            arena.update();
          }
        });
  }

  @Test
  void commonsLangBuildsAndCompares() throws Exception {
    arena.run(
        TASKS,
        50,
        () -> {
          for (int i = 0; i < 50; i++) {
            Order order = Order.number(i);
            Order same = Order.number(i);
            assertThat(EqualsBuilder.reflectionEquals(order, same)).isTrue();
            assertThat(HashCodeBuilder.reflectionHashCode(order))
                .isEqualTo(HashCodeBuilder.reflectionHashCode(same));
            assertThat(ToStringBuilder.reflectionToString(order, ToStringStyle.JSON_STYLE))
                .contains("\"id\":" + i);
            assertThat(StringUtils.difference("interlock", "interleaved" + i)).isNotEmpty();
            arena.update();
          }
        });
  }

  @Test
  void h2KeepsEveryTransaction() throws Exception {
    String url = "jdbc:h2:mem:fire;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=20000";
    int rounds = 20;
    try (Connection keeper = DriverManager.getConnection(url);
        Statement statement = keeper.createStatement()) {
      statement.execute("create table account(id int primary key, balance int not null)");
      statement.execute("insert into account values (0, 0), (1, 0), (2, 0)");
      List<Throwable> failures = new ArrayList<>();
      arena.run(
          TASKS,
          rounds,
          () -> {
            try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement add =
                    connection.prepareStatement(
                        "update account set balance = balance + 1 where id = ?")) {
              connection.setAutoCommit(false);
              for (int i = 0; i < rounds; i++) {
                for (int account = 0; account < 3; account++) {
                  add.setInt(1, account);
                  add.executeUpdate();
                }
                connection.commit();
                arena.update();
              }
            } catch (SQLException e) {
              failures.add(e);
              throw e;
            }
          });
      assertThat(failures).isEmpty();
      try (ResultSet sums = statement.executeQuery("select sum(balance) from account")) {
        sums.next();
        assertThat(sums.getInt(1)).isEqualTo(3 * TASKS * rounds);
      }
      statement.execute("shutdown");
    }
  }
}
