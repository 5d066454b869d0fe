// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract.reference;

import dev.interlock.spi.ExecutorProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A context class loader that publishes providers, and their {@code reference.conf}, to the code
 * that runs under it. So a provider made for tests goes through the whole configuration, and no
 * other test sees it.
 */
public final class ProviderLoader extends ClassLoader {
  private static final String SERVICES = "META-INF/services/" + ExecutorProvider.class.getName();

  private final Map<String, String> resources = new LinkedHashMap<>();

  /** Publishes providers. */
  public ProviderLoader(List<Class<? extends ExecutorProvider>> providers) {
    super(ProviderLoader.class.getClassLoader());
    resources.put(SERVICES, String.join("\n", providers.stream().map(Class::getName).toList()));
  }

  /** Adds a resource, such as {@code reference.conf}, to those of the class path. */
  public ProviderLoader with(String name, String content) {
    resources.put(name, content);
    return this;
  }

  /** Runs the body with this as the context class loader. */
  public <T> T call(Supplier<T> body) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(this);
    try {
      return body.get();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Override
  protected URL findResource(String name) {
    String content = resources.get(name);
    return content == null ? null : url(name, content);
  }

  @Override
  protected Enumeration<URL> findResources(String name) {
    List<URL> found = new ArrayList<>();
    URL own = findResource(name);
    if (own != null) {
      found.add(own);
    }
    return Collections.enumeration(found);
  }

  private static URL url(String name, String content) {
    try {
      return new URL("memory", "", -1, "/" + name, new Memory(content));
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(name, e);
    }
  }

  /** Opens connections to a text. */
  private static final class Memory extends URLStreamHandler {
    private final byte[] content;

    Memory(String content) {
      this.content = content.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    protected URLConnection openConnection(URL url) {
      return new URLConnection(url) {
        @Override
        public void connect() {}

        @Override
        public InputStream getInputStream() throws IOException {
          return new ByteArrayInputStream(content);
        }
      };
    }
  }
}
