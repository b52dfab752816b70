package dev.polywire.mongodb.wire;

import dev.polywire.mongodb.wire.MongoUriOption.Treatment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a server is, as the drivers' "connection string" and "URI options" specifications write it.
 *
 * <pre>
 *   mongodb://user:password@host:port,host:port/database?option=value&amp;option=value
 *   mongodb+srv://user:password@cluster.example.com/?w=majority       hosts and further options are in the DNS; TLS
 * </pre>
 *
 * <p>Parts are percent-encoded; IPv6 addresses stand in brackets. No complaint holds a value of the text, which might be a
 * misplaced password; the name of an unknown option is said, when it is a plain word.
 *
 * @param srv the only host is the name of a service: see {@link MongoSrv}
 * @param hosts at least one
 * @param user null: not given
 * @param password null: not given
 * @param database null: not given
 * @param options each with a value that it may have
 */
public record MongoUri(
        boolean srv,
        List<Host> hosts,
        @Nullable String user,
        @Nullable String password,
        @Nullable String database,
        Map<MongoUriOption, String> options) {

    public static final int DEFAULT_PORT = 27_017;

    /** A server. @param port 0 with SRV, which has none */
    public record Host(String name, int port) {}

    /** @throws IllegalArgumentException when options do not fit together; without their values */
    public MongoUri {
        hosts = List.copyOf(hosts);
        EnumMap<MongoUriOption, String> copy = new EnumMap<>(MongoUriOption.class);
        copy.putAll(options);
        options = Collections.unmodifiableMap(copy);
        MongoUriRules.check(srv, hosts, options);
    }

    /** @throws IllegalArgumentException when the text is not such a URI; the message holds no value of it */
    public static MongoUri parse(String text) {
        MongoUri uri = withoutLogin(text);
        uri.requireLogin();
        return uri;
    }

    /** As {@link #parse}, when a part of the login may be said elsewhere: {@link #requireLogin} is the caller's. */
    public static MongoUri withoutLogin(String text) {
        return MongoUriParser.parse(text);
    }

    /** TLS is the default of SRV only. */
    public boolean tls() {
        String said = options.getOrDefault(MongoUriOption.TLS, options.get(MongoUriOption.SSL));
        return said == null ? srv : said.equals("true");
    }

    /** Whether MongoDB has, or had, a mechanism of this name, which is not supported here. */
    public static boolean isOtherMechanism(String name) {
        return MongoUriParser.OTHER_MECHANISMS.contains(name);
    }

    /** Null: the option is not given. */
    public @Nullable String text(MongoUriOption option) {
        return options.get(option);
    }

    /** The value of an option that is a flag. */
    public boolean flag(MongoUriOption option, boolean fallback) {
        String value = options.get(option);
        return value == null ? fallback : value.equals("true");
    }

    /** The value of an option that is a number. */
    public int int32(MongoUriOption option, int fallback) {
        String value = options.get(option);
        return value == null ? fallback : Integer.parseInt(value);
    }

    /** The names in a list of options; empty: not given. */
    public List<String> list(MongoUriOption option) {
        String value = options.get(option);
        return value == null ? List.of() : List.of(value.split(","));
    }

    /** The mechanism that is named; those to choose from when none is. */
    public List<MongoMechanism> mechanisms() {
        String name = options.getOrDefault(MongoUriOption.AUTH_MECHANISM, "");
        return switch (name) {
            case "" -> MongoMechanism.negotiated();
            case "MONGODB-X509" -> List.of(MongoMechanism.x509());
            case "PLAIN" -> List.of(MongoMechanism.plain());
            case "SCRAM-SHA-1" -> List.of(MongoMechanism.scram(ScramHash.SHA_1));
            default -> List.of(MongoMechanism.scram(ScramHash.SHA_256));
        };
    }

    /** Who the client is; null: nobody, so that there is no authentication. */
    public @Nullable MongoCredential credential() {
        String mechanism = options.getOrDefault(MongoUriOption.AUTH_MECHANISM, "");
        if (user == null && mechanism.isEmpty()) {
            return null;
        }
        String source = options.get(MongoUriOption.AUTH_SOURCE);
        if (source == null) {
            source = switch (mechanism) {
                case "MONGODB-X509" -> MongoCredential.EXTERNAL;
                case "PLAIN" -> database == null ? MongoCredential.EXTERNAL : database;
                default -> database == null ? "admin" : database;
            };
        }
        return new MongoCredential(user, password, source);
    }

    /** The names of options that change nothing here, for the log. */
    public List<String> withoutEffect() {
        List<String> names = new ArrayList<>();
        for (MongoUriOption each : options.keySet()) {
            boolean nobodys = each == MongoUriOption.AUTH_SOURCE && credential() == null;
            if (each.treatment() == Treatment.WITHOUT_EFFECT || nobodys) {
                names.add(each.optionName());
            }
        }
        return names;
    }

    /** Complaints about what is well said, and not there yet; empty: a client can use it. */
    public List<String> notYet() {
        List<String> complaints = new ArrayList<>();
        if (hosts.size() > 1) {
            complaints.add("uri: its hosts: " + hosts.size() + " (expected: 1, replica sets are not supported yet)");
        }
        options.forEach((option, value) -> {
            if (option.treatment() == Treatment.LATER && !option.isHarmless(value)) {
                complaints.add("uri: its " + option.optionName() + ": not supported yet (expected: none)");
            }
        });
        return complaints;
    }

    /** @throws IllegalArgumentException when the login is not one that its mechanism takes; without its values */
    public void requireLogin() {
        try {
            MongoCredential credential = credential();
            if (credential != null) {
                mechanisms().forEach(each -> each.check(credential));
            }
        } catch (IllegalArgumentException unfit) {
            throw new IllegalArgumentException("uri: its " + unfit.getMessage(), unfit);
        }
    }

    /** Without user information. */
    @Override
    public String toString() {
        return (srv ? "mongodb+srv://" : "mongodb://") + hosts;
    }
}
