package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.Utf8;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The options of a connection string (URI options specification), each with what becomes of it here. */
public enum MongoUriOption {
    APP_NAME("appName", Treatment.USED, "1 to 128 bytes", text -> Utf8.bytes(text) <= 128),
    AUTH_MECHANISM(
            "authMechanism",
            Treatment.USED,
            "SCRAM-SHA-256, SCRAM-SHA-1, MONGODB-X509 or PLAIN",
            words("SCRAM-SHA-256", "SCRAM-SHA-1", "MONGODB-X509", "PLAIN")),
    AUTH_MECHANISM_PROPERTIES(
            "authMechanismProperties", Treatment.USED, "name:value,name:value", list("[A-Z_]+:[^,]+")),
    AUTH_SOURCE("authSource", Treatment.USED, "a database", text -> true),
    COMPRESSORS("compressors", Treatment.USED, "different names with commas between", list("[a-z0-9]+")),
    CONNECT_TIMEOUT_MILLIS("connectTimeoutMS", Treatment.USED, "1 to 600000", number(1, 600_000)),
    HEARTBEAT_FREQUENCY_MILLIS("heartbeatFrequencyMS", Treatment.USED, "500 to 3600000", number(500, 3_600_000)),
    JOURNAL("journal", Treatment.USED),
    MAX_CONNECTING("maxConnecting", Treatment.USED, "1 to 100", number(1, 100)),
    MAX_IDLE_TIME_MILLIS(
            "maxIdleTimeMS",
            Treatment.USED,
            "0, or 1000 to 86400000",
            number(1_000, 86_400_000).or(number(0, 0))),
    MAX_POOL_SIZE("maxPoolSize", Treatment.USED, "0 to 1000", number(0, 1_000)),
    MIN_POOL_SIZE("minPoolSize", Treatment.USED, "0 to 1000", number(0, 1_000)),
    READ_CONCERN_LEVEL(
            "readConcernLevel",
            Treatment.USED,
            "local, available, majority, linearizable or snapshot",
            words("local", "available", "majority", "linearizable", "snapshot")),
    REPLICA_SET("replicaSet", Treatment.USED, "the name of a set", text -> true),
    SERVER_MONITORING_MODE(
            "serverMonitoringMode", Treatment.USED, "auto, poll or stream", words("auto", "poll", "stream")),
    SRV_SERVICE_NAME(
            "srvServiceName", Treatment.USED, "1 to 62 letters, digits and hyphens", word("[A-Za-z0-9-]{1,62}")),
    SSL("ssl", Treatment.USED),
    TLS("tls", Treatment.USED),
    TLS_ALLOW_INVALID_HOSTNAMES("tlsAllowInvalidHostnames", Treatment.USED),
    TLS_CA_FILE("tlsCAFile", Treatment.USED, "a file", text -> true),
    TLS_CERTIFICATE_KEY_FILE("tlsCertificateKeyFile", Treatment.USED, "a file", text -> true),
    W("w", Treatment.USED, "0 to 2147483647, majority or a tag", text -> !text.startsWith("-") && isCountOrTag(text)),
    W_TIMEOUT_MILLIS("wTimeoutMS", Treatment.USED, "0 to 2147483647", number(0, Integer.MAX_VALUE)),
    ZLIB_COMPRESSION_LEVEL("zlibCompressionLevel", Treatment.USED, "-1 to 9", number(-1, 9)),

    DIRECT_CONNECTION("directConnection", Treatment.WITHOUT_EFFECT),
    ENABLE_OVERLOAD_RETARGETING("enableOverloadRetargeting", Treatment.WITHOUT_EFFECT),
    LOCAL_THRESHOLD_MILLIS("localThresholdMS", Treatment.WITHOUT_EFFECT, 0),
    MAX_ADAPTIVE_RETRIES("maxAdaptiveRetries", Treatment.WITHOUT_EFFECT, 0),
    RETRY_READS("retryReads", Treatment.WITHOUT_EFFECT),
    RETRY_WRITES("retryWrites", Treatment.WITHOUT_EFFECT),
    SERVER_SELECTION_TIMEOUT_MILLIS("serverSelectionTimeoutMS", Treatment.WITHOUT_EFFECT, 0),
    SERVER_SELECTION_TRY_ONCE("serverSelectionTryOnce", Treatment.WITHOUT_EFFECT),
    SOCKET_TIMEOUT_MILLIS("socketTimeoutMS", Treatment.WITHOUT_EFFECT, 0),
    TIMEOUT_MILLIS("timeoutMS", Treatment.WITHOUT_EFFECT, 0),
    TLS_DISABLE_CERTIFICATE_REVOCATION_CHECK("tlsDisableCertificateRevocationCheck", Treatment.WITHOUT_EFFECT),
    TLS_DISABLE_OCSP_ENDPOINT_CHECK("tlsDisableOCSPEndpointCheck", Treatment.WITHOUT_EFFECT),
    WAIT_QUEUE_TIMEOUT_MILLIS("waitQueueTimeoutMS", Treatment.WITHOUT_EFFECT, 0),

    LOAD_BALANCED("loadBalanced", Treatment.LATER, "true or false", words("true", "false"), "false"),
    MAX_STALENESS_SECONDS(
            "maxStalenessSeconds", Treatment.LATER, "-1 or 90 and more", MongoUriOption::isStaleness, "-1"),
    READ_PREFERENCE(
            "readPreference",
            Treatment.LATER,
            "primary, primaryPreferred, secondary, secondaryPreferred or nearest",
            words("primary", "primaryPreferred", "secondary", "secondaryPreferred", "nearest"),
            "primary"),
    READ_PREFERENCE_TAGS("readPreferenceTags", Treatment.LATER, "name:value,name:value", text -> true, null),
    SRV_MAX_HOSTS("srvMaxHosts", Treatment.LATER, "0 to 2147483647", number(0, Integer.MAX_VALUE), "0"),

    GSSAPI_SERVICE_NAME("gssapiServiceName", Treatment.REFUSED, "GSSAPI is not supported"),
    PROXY_HOST("proxyHost", Treatment.REFUSED, "proxies are not supported"),
    PROXY_PASSWORD("proxyPassword", Treatment.REFUSED, "proxies are not supported"),
    PROXY_PORT("proxyPort", Treatment.REFUSED, "proxies are not supported"),
    PROXY_USERNAME("proxyUsername", Treatment.REFUSED, "proxies are not supported"),
    TLS_ALLOW_INVALID_CERTIFICATES(
            "tlsAllowInvalidCertificates", Treatment.REFUSED, "false, or tlsCAFile", word("false")),
    TLS_CERTIFICATE_KEY_FILE_PASSWORD(
            "tlsCertificateKeyFilePassword", Treatment.REFUSED, "a key file without a password"),
    TLS_INSECURE("tlsInsecure", Treatment.REFUSED, "false, or tlsCAFile", word("false")),
    UUID_REPRESENTATION("uuidRepresentation", Treatment.REFUSED, "standard", word("standard")),
    WAIT_QUEUE_MULTIPLE("waitQueueMultiple", Treatment.REFUSED, "no longer an option of drivers");

    /** What becomes of an option. */
    public enum Treatment {
        /** It does what the specification says. */
        USED,
        /** It is checked, and named as one that changes nothing: {@link MongoUri#withoutEffect}. */
        WITHOUT_EFFECT,
        /** It is checked, and refused by its name until there is what it asks for: {@link MongoUri#notYet}. */
        LATER,
        /** It is refused, but for a value that asks for nothing. */
        REFUSED
    }

    private final String optionName;
    private final Treatment treatment;
    private final String expected;
    private final Predicate<String> form;
    private final @Nullable String harmless;

    MongoUriOption(
            String optionName,
            Treatment treatment,
            String expected,
            Predicate<String> form,
            @Nullable String harmless) {
        this.optionName = optionName;
        this.treatment = treatment;
        this.expected = expected;
        this.form = form;
        this.harmless = harmless;
    }

    MongoUriOption(String optionName, Treatment treatment, String expected, Predicate<String> form) {
        this(optionName, treatment, expected, form, null);
    }

    /** A flag. */
    MongoUriOption(String optionName, Treatment treatment) {
        this(optionName, treatment, "true or false", words("true", "false"));
    }

    /** A number from {@code min} on. */
    MongoUriOption(String optionName, Treatment treatment, int min) {
        this(optionName, treatment, min + " to 2147483647", number(min, Integer.MAX_VALUE));
    }

    /** Of no value. */
    MongoUriOption(String optionName, Treatment treatment, String expected) {
        this(optionName, treatment, expected, text -> false);
    }

    /** As the specification writes it. */
    public String optionName() {
        return optionName;
    }

    public Treatment treatment() {
        return treatment;
    }

    /** What a value must be. */
    public String expected() {
        return expected;
    }

    /** Whether it may have this value. */
    public boolean takes(String value) {
        return form.test(value);
    }

    /** Whether a value asks for what is there without the option. */
    boolean isHarmless(String value) {
        return value.equals(harmless);
    }

    /** Null: unknown. Case does not count. */
    static @Nullable MongoUriOption named(String name) {
        for (MongoUriOption each : values()) {
            if (each.optionName.equalsIgnoreCase(name)) {
                return each;
            }
        }
        return null;
    }

    private static Predicate<String> words(String... words) {
        return List.of(words)::contains;
    }

    private static Predicate<String> word(String pattern) {
        return Pattern.compile(pattern).asMatchPredicate();
    }

    private static Predicate<String> number(long min, long max) {
        return text -> text.matches("-?[0-9]{1,10}") && Long.parseLong(text) >= min && Long.parseLong(text) <= max;
    }

    private static boolean isStaleness(String text) {
        return number(90, Integer.MAX_VALUE).test(text) || text.equals("-1");
    }

    private static boolean isCountOrTag(String text) {
        return !text.matches("[0-9]+") || number(0, Integer.MAX_VALUE).test(text);
    }

    private static Predicate<String> list(String pattern) {
        Pattern item = Pattern.compile(pattern);
        return text -> {
            Set<String> seen = new HashSet<>();
            for (String each : text.split(",", -1)) {
                if (!item.matcher(each).matches() || !seen.add(each.toLowerCase(Locale.ROOT))) {
                    return false;
                }
            }
            return true;
        };
    }
}
