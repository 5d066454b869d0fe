// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SitesTest {
  private static Site site(String method, int offset) {
    return new Site("a/B", method, "()V", 7, offset, "getstatic B.x", Site.Kind.READ);
  }

  @Test
  void findsEachSiteByItsNumber() {
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      ids.add(Sites.add(site("many", i)));
    }
    assertThat(ids).doesNotHaveDuplicates();
    for (int i = 0; i < 5_000; i++) {
      assertThat(Sites.at(ids.get(i))).isEqualTo(site("many", i));
    }
  }

  @Test
  void givesAKnownSiteItsNumberAgain() {
    assertThat(Sites.add(site("again", 3))).isEqualTo(Sites.add(site("again", 3)));
  }

  @Test
  void hasNothingUnderOtherNumbers() {
    assertThat(Sites.at(-1)).isNull();
    assertThat(Sites.at(Integer.MAX_VALUE)).isNull();
  }
}
