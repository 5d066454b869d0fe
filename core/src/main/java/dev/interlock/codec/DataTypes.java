// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.google.common.base.Splitter;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The classes that are data and nothing else: making an object of one runs no code that reaches
 * beyond it. By name, because most are never used. Types that cross as a number are here for arrays
 * of them and for class literals.
 */
final class DataTypes {
  private static final Set<String> NAMES = new HashSet<>();

  static {
    in(
        "java.lang",
        "Object Boolean Byte Character Short Integer Long Float Double Number Void String"
            + " CharSequence Comparable Iterable Cloneable Enum Record Class StringBuilder"
            + " StringBuffer Throwable Exception RuntimeException Error StackTraceElement"
            + " Thread$State Character$UnicodeScript String$CaseInsensitiveComparator");
    in("java.io", "Serializable File");
    in("java.math", "BigInteger BigDecimal MathContext RoundingMode");
    in("java.net", "URI InetAddress Inet4Address Inet6Address InetSocketAddress");
    in("java.nio", "ByteBuffer");
    in("java.nio.charset", "Charset CodingErrorAction");
    in(
        "java.nio.file",
        "Path StandardOpenOption StandardCopyOption LinkOption AccessMode FileVisitResult"
            + " FileVisitOption attribute.PosixFilePermission attribute.AclEntryType"
            + " attribute.AclEntryPermission attribute.AclEntryFlag");
    in("java.sql", "Date Time Timestamp");
    in("java.text", "Normalizer$Form");
    in(
        "java.time",
        "Duration Instant LocalDate LocalTime LocalDateTime OffsetDateTime OffsetTime"
            + " ZonedDateTime ZoneId ZoneOffset Period Year YearMonth MonthDay DayOfWeek Month"
            + " temporal.ChronoUnit temporal.ChronoField temporal.Temporal temporal.TemporalAccessor"
            + " temporal.TemporalAmount temporal.TemporalUnit temporal.TemporalField"
            + " format.TextStyle format.FormatStyle format.ResolverStyle format.SignStyle"
            + " chrono.IsoEra");
    in(
        "java.util",
        "Collection List Set SortedSet NavigableSet Queue Deque Map SortedMap NavigableMap Map$Entry"
            + " Comparator Iterator ArrayList LinkedList ArrayDeque PriorityQueue Vector Stack HashSet"
            + " LinkedHashSet TreeSet HashMap LinkedHashMap TreeMap Hashtable IdentityHashMap"
            + " WeakHashMap EnumMap EnumSet Properties BitSet UUID Date Currency Locale TimeZone"
            + " GregorianCalendar Optional OptionalInt OptionalLong OptionalDouble"
            + " IntSummaryStatistics LongSummaryStatistics DoubleSummaryStatistics"
            + " AbstractMap$SimpleEntry AbstractMap$SimpleImmutableEntry regex.Pattern"
            + " Comparators$NaturalOrderComparator Collections$ReverseComparator Locale$Category");
    in(
        "java.util.concurrent",
        "ConcurrentMap ConcurrentHashMap ConcurrentSkipListMap ConcurrentSkipListSet"
            + " ConcurrentLinkedQueue ConcurrentLinkedDeque CopyOnWriteArrayList CopyOnWriteArraySet"
            + " LinkedBlockingQueue ArrayBlockingQueue LinkedBlockingDeque PriorityBlockingQueue"
            + " BlockingQueue TimeUnit locks.ReentrantLock locks.ReentrantReadWriteLock"
            + " atomic.AtomicBoolean atomic.AtomicInteger atomic.AtomicLong atomic.AtomicReference"
            + " atomic.AtomicIntegerArray atomic.AtomicLongArray atomic.AtomicReferenceArray"
            + " atomic.LongAdder atomic.DoubleAdder");
    in("sun.util.calendar", "ZoneInfo");
    in(
        "javax.net.ssl",
        "SSLException SSLHandshakeException SSLKeyException SSLPeerUnverifiedException"
            + " SSLProtocolException");
    in(
        "dev.interlock",
        "InterlockException RemoteTaskException NotShareableException UndecodableException"
            + " TaskTimeoutException WorkerCrashedException BrokenExecutorException"
            + " ConfigurationException SubmitSite spi.ItemPair spi.MapChunk$Result spi.Outcome"
            + " spi.Outcomes");
  }

  /** No other package can call itself java, and these names are of throwables only. */
  private static final Pattern THROWABLE =
      Pattern.compile("java\\.[a-zA-Z0-9.]{1,100}[.$]([A-Z][A-Za-z0-9]{0,100})?(Exception|Error)");

  private DataTypes() {}

  private static void in(String start, String names) {
    for (String name : Splitter.on(' ').split(names)) {
      NAMES.add(start + "." + name);
    }
  }

  static boolean contains(String name) {
    return NAMES.contains(name);
  }

  /** Whether it is the name of an exception or error of the JDK. */
  static boolean isJdkThrowable(String name) {
    return THROWABLE.matcher(name).matches() || name.equals("java.lang.Throwable");
  }
}
