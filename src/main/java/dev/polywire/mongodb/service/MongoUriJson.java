package dev.polywire.mongodb.service;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.TlsOptions;
import dev.polywire.mongodb.wire.MongoMechanism;
import dev.polywire.mongodb.wire.MongoUri;
import dev.polywire.mongodb.wire.MongoUriOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the server is and who logs in: {@code uri}, or the fields that say the same, or some of both. What both say is a
 * complaint. The result is one {@link MongoUri}, whose rules hold either way. Complaints wait for {@link #requireNone}, so that all
 * fields are read before; a part of {@code uri} has a path of its own, {@code uri.journal}.
 */
final class MongoUriJson {

    private static final String URI = "uri";
    private static final String HOST = "host";
    private static final String PORT = "port";
    private static final String USER = "user";
    private static final String PASSWORD = "password";
    private static final String AUTH_SOURCE = "authSource";
    private static final String AUTH_MECHANISM = "authMechanism";
    private static final String W = "w";
    private static final String JOURNAL = "journal";

    private static final String X509 = "MONGODB-X509";
    private static final List<String> MECHANISMS = List.of("SCRAM-SHA-256", "SCRAM-SHA-1", X509, "PLAIN");
    private static final List<String> LEVELS = List.of("local", "available", "majority", "linearizable", "snapshot");

    private static final Pattern ABOUT_A_PART = Pattern.compile("uri: its (?:option )?([A-Za-z]\\w*)[:,]?(?: (.*))?");
    /** The fields that a complaint of {@link MongoUri} may be about; others it can only have from {@code uri}. */
    private static final Set<String> FIELDS = Set.of(USER, PASSWORD, AUTH_SOURCE, AUTH_MECHANISM, W, JOURNAL);

    private static final List<MongoUriOption> OF_TLS = List.of(
            MongoUriOption.TLS_CA_FILE,
            MongoUriOption.TLS_CERTIFICATE_KEY_FILE,
            MongoUriOption.TLS_ALLOW_INVALID_HOSTNAMES);

    private final Fields json;
    private final List<FieldException> complaints = new ArrayList<>();
    /** Null: {@code uri} is absent, or cannot be used. */
    private final @Nullable MongoUri given;

    private final Map<MongoUriOption, String> options = new EnumMap<>(MongoUriOption.class);
    private final MongoUri uri;
    private final EndpointOptions endpoint;

    MongoUriJson(Fields json) {
        this.json = json;
        this.given = given(json.textOrNull(URI));
        if (given != null) {
            options.putAll(given.options());
        }
        List<MongoUri.Host> hosts =
                hosts(json.text(HOST, "127.0.0.1"), json.int32(PORT, MongoUri.DEFAULT_PORT, 0, 65_535));
        String user = either(USER, given == null ? null : given.user());
        String password = either(PASSWORD, given == null ? null : given.password());
        option(AUTH_SOURCE, MongoUriOption.AUTH_SOURCE, json.textOrNull(AUTH_SOURCE));
        option(AUTH_MECHANISM, MongoUriOption.AUTH_MECHANISM, mechanism());
        option("replicaSet", MongoUriOption.REPLICA_SET, json.textOrNull("replicaSet"));
        option(W, MongoUriOption.W, w());
        option(JOURNAL, MongoUriOption.JOURNAL, json.has(JOURNAL) ? "" + json.flag(JOURNAL, false) : null);
        Long timeout = json.int64OrNull("wTimeoutMillis", 0, Integer.MAX_VALUE);
        option("wTimeoutMillis", MongoUriOption.W_TIMEOUT_MILLIS, timeout == null ? null : "" + timeout);
        option("readConcernLevel", MongoUriOption.READ_CONCERN_LEVEL, json.wordOrNull("readConcernLevel", LEVELS));
        MongoUri whole = whole(hosts, user, password);
        this.endpoint = endpoint(whole);
        boolean plainWithoutTls = json.flag("plainWithoutTls", false);
        if (complaints.isEmpty()) {
            login(whole, plainWithoutTls);
        }
        // A login that is unfit is read no further.
        this.uri = complaints.isEmpty() ? whole : nobodys(hosts);
    }

    /** Both together. */
    MongoUri uri() {
        return uri;
    }

    /** The server; with SRV the name of the service, and what its servers have in common. */
    EndpointOptions endpoint() {
        return endpoint;
    }

    /** Another option of the URI that is a number; complains when both say it. */
    int int32(String name, MongoUriOption option, int fallback, int min, int max) {
        int read = json.int32(name, fallback, min, max);
        return json.has(name) && !alsoInUri(name, option) ? read : uri.int32(option, read);
    }

    /** Complains about what {@link #int32} gave, by the name under which it was said. */
    void complain(String name, MongoUriOption option, String what) {
        complaints.add(json.complaint(json.has(name) ? name : URI + "." + option.optionName(), what));
    }

    /** Another option that is a text, as {@link #int32}. */
    @Nullable
    String text(String name, MongoUriOption option) {
        String read = json.textOrNull(name);
        return read != null && !alsoInUri(name, option) ? read : uri.text(option);
    }

    /** The same with one of these words. */
    String word(String name, MongoUriOption option, String fallback, List<String> words) {
        String read = json.word(name, fallback, words);
        String ofUri = uri.text(option);
        return ofUri == null || json.has(name) && !alsoInUri(name, option) ? read : ofUri;
    }

    /** The same with names. */
    List<String> texts(String name, MongoUriOption option) {
        List<String> read = json.texts(name);
        return json.has(name) && !alsoInUri(name, option) ? read : uri.list(option);
    }

    /** @throws FieldException the first complaint */
    void requireNone() {
        if (!complaints.isEmpty()) {
            throw complaints.get(0);
        }
    }

    private @Nullable MongoUri given(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return MongoUri.withoutLogin(text);
        } catch (IllegalArgumentException unfit) {
            complain(unfit.getMessage());
            return null;
        }
    }

    private List<MongoUri.Host> hosts(String host, int port) {
        if (given == null) {
            return List.of(new MongoUri.Host(host, port));
        }
        refuse(HOST, json.has(HOST), "its host");
        refuse(PORT, json.has(PORT), "its host");
        return given.hosts();
    }

    private @Nullable String either(String name, @Nullable String ofUri) {
        String said = json.textOrNull(name);
        refuse(name, said != null && ofUri != null, "its " + name);
        return said == null ? ofUri : said;
    }

    private void option(String name, MongoUriOption option, @Nullable String value) {
        if (value == null) {
            return;
        }
        if (value.isEmpty() || value.indexOf('\0') >= 0 || !option.takes(value)) {
            complaints.add(json.complaint(name, "unfit (expected: " + option.expected() + ")"));
        } else if (!alsoInUri(name, option)) {
            options.put(option, value);
        }
    }

    private boolean alsoInUri(String name, MongoUriOption option) {
        boolean also = given != null && given.text(option) != null;
        refuse(name, also, "its " + option.optionName());
        return also;
    }

    /** Another one that exists is refused by its name, as in a URI. */
    private @Nullable String mechanism() {
        if (json.has(AUTH_MECHANISM)
                && json.valueOrNull(AUTH_MECHANISM) instanceof String name
                && MongoUri.isOtherMechanism(name)) {
            complaints.add(json.complaint(
                    AUTH_MECHANISM, name + ", which is not supported (expected: one of " + MECHANISMS + ")"));
            return null;
        }
        return json.wordOrNull(AUTH_MECHANISM, MECHANISMS);
    }

    /** A number or a text. */
    private @Nullable String w() {
        Object value = json.valueOrNull(W);
        String text = value == null || value instanceof String ? json.textOrNull(W) : null;
        Long number = value instanceof String ? null : json.int64OrNull(W, 0, Integer.MAX_VALUE);
        return number == null ? text : number.toString();
    }

    private MongoUri whole(List<MongoUri.Host> hosts, @Nullable String user, @Nullable String password) {
        boolean srv = given != null && given.srv();
        try {
            MongoUri whole = new MongoUri(srv, hosts, user, password, given == null ? null : given.database(), options);
            whole.notYet().forEach(this::complain);
            return whole;
        } catch (IllegalArgumentException unfit) {
            complain(unfit.getMessage());
            return nobodys(hosts);
        }
    }

    private MongoUri nobodys(List<MongoUri.Host> hosts) {
        return new MongoUri(given != null && given.srv(), hosts, null, null, null, Map.of());
    }

    private EndpointOptions endpoint(MongoUri whole) {
        MongoUri.Host host = whole.hosts().get(0);
        EndpointOptions read =
                EndpointOptions.fromJson(json, host.name(), host.port() == 0 ? MongoUri.DEFAULT_PORT : host.port());
        if (json.has("connectTimeoutMillis")) {
            alsoInUri("connectTimeoutMillis", MongoUriOption.CONNECT_TIMEOUT_MILLIS);
        }
        TlsOptions tls = read.tls();
        if (tls != null && given != null) {
            OF_TLS.forEach(each -> alsoInUri("tls", each));
            boolean without =
                    "false".equals(given.text(MongoUriOption.TLS)) || "false".equals(given.text(MongoUriOption.SSL));
            refuse("tls", without, "its tls=false");
        } else if (whole.tls()) {
            String pem = whole.text(MongoUriOption.TLS_CERTIFICATE_KEY_FILE);
            tls = new TlsOptions(
                    whole.text(MongoUriOption.TLS_CA_FILE),
                    pem,
                    pem,
                    !whole.flag(MongoUriOption.TLS_ALLOW_INVALID_HOSTNAMES, false));
        }
        return new EndpointOptions(
                read.host(),
                read.port(),
                whole.int32(MongoUriOption.CONNECT_TIMEOUT_MILLIS, read.connectTimeoutMillis()),
                tls);
    }

    private void login(MongoUri whole, boolean plainWithoutTls) {
        try {
            whole.requireLogin();
        } catch (IllegalArgumentException unfit) {
            complain(unfit.getMessage());
            return;
        }
        if (whole.credential() == null) {
            if (whole.password() != null) {
                complain("uri: its user: missing (expected: one beside password)");
            } else if (json.has(AUTH_SOURCE)) {
                complain("uri: its user: missing (expected: one beside authSource)");
            }
        } else if (endpoint.tls() == null
                && !plainWithoutTls
                && whole.mechanisms().stream().anyMatch(MongoMechanism::sendsPassword)) {
            complain("uri: its authMechanism: PLAIN without TLS (expected: tls, or plainWithoutTls)");
        } else if (X509.equals(whole.text(MongoUriOption.AUTH_MECHANISM))
                && (endpoint.tls() == null || endpoint.tls().certificate() == null)) {
            complain("uri: its authMechanism: " + X509 + " without a certificate (expected: tls with a certificate)");
        }
    }

    /** @param message of a {@link MongoUri} */
    private void complain(@Nullable String message) {
        String text = String.valueOf(message);
        Matcher part = ABOUT_A_PART.matcher(text);
        if (!part.matches()) {
            complaints.add(json.complaint(URI, text));
            return;
        }
        String name = part.group(1).equals("source") ? AUTH_SOURCE : part.group(1);
        String rest = part.group(2) == null ? "" : part.group(2);
        boolean field = FIELDS.contains(name) && (!json.has(URI) || json.has(name));
        complaints.add(json.complaint(field ? name : URI + "." + name, rest.startsWith("(") ? "unfit " + rest : rest));
    }

    private void refuse(String name, boolean both, String part) {
        if (both) {
            complaints.add(json.complaint(name, "also in uri, as " + part + " (expected: one of both)"));
        }
    }
}
