package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.Utf8;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Takes a connection string apart. */
final class MongoUriParser {

    private static final String PLAIN = "mongodb://";
    private static final String SRV = "mongodb+srv://";
    private static final int MAX_HOSTS = 100;
    private static final int MAX_CHARACTERS = 16_384;
    private static final int MAX_DATABASE_CHARACTERS = 63;
    private static final String NOT_IN_DATABASES = "/\\. \"$\0";

    /** What may be said of an unknown option's name. */
    private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,63}");

    static final Set<String> OTHER_MECHANISMS = Set.of("MONGODB-AWS", "MONGODB-OIDC", "GSSAPI", "MONGODB-CR");

    private MongoUriParser() {}

    static MongoUri parse(String text) {
        boolean srv = text.regionMatches(true, 0, SRV, 0, SRV.length());
        if (!srv && !text.regionMatches(true, 0, PLAIN, 0, PLAIN.length())) {
            throw malformed("scheme", "mongodb or mongodb+srv");
        }
        if (text.length() > MAX_CHARACTERS) {
            throw malformed("length", "<= " + MAX_CHARACTERS + " characters");
        }
        String rest = text.substring((srv ? SRV : PLAIN).length());
        int end = firstOf(rest, "/?#");
        String authority = rest.substring(0, end);
        if (rest.indexOf('@', end) >= 0) {
            // user:1/word@host: the first part of a password is not a port.
            throw malformed("login", "/ ? # in it as %2F %3F %23, an @ behind the hosts as %40");
        }
        if (rest.indexOf('#') >= 0) {
            throw malformed("end", "a # as %23");
        }
        int question = rest.indexOf('?');
        int at = authority.lastIndexOf('@');
        String login = at < 0 ? null : authority.substring(0, at);
        int colon = login == null ? -1 : login.indexOf(':');
        if (login != null && (login.indexOf('@') >= 0 || login.indexOf(':', colon + 1) >= 0 && colon >= 0)) {
            throw malformed("login", "user:password, an @ or : in one of them as %40 or %3A");
        }
        String user = login == null ? null : decoded(colon < 0 ? login : login.substring(0, colon));
        if (user != null && user.isEmpty()) {
            throw malformed("user", "a name before the @");
        }
        String password = login == null || colon < 0 ? null : decoded(login.substring(colon + 1));
        List<MongoUri.Host> hosts = hosts(authority.substring(at + 1), srv);
        String path = end < rest.length() && rest.charAt(end) == '/'
                ? rest.substring(end + 1, question < 0 ? rest.length() : question)
                : "";
        String database = database(path);
        return new MongoUri(
                srv,
                hosts,
                user,
                password,
                database,
                options("uri", question < 0 ? "" : rest.substring(question + 1), srv));
    }

    /**
     * The options of a query.
     *
     * @param what the text they are in
     * @param srv those about SRV records are allowed
     */
    static Map<MongoUriOption, String> options(String what, String query, boolean srv) {
        Map<MongoUriOption, String> options = new EnumMap<>(MongoUriOption.class);
        String[] pairs = query.isEmpty() ? new String[0] : query.split("&", -1);
        for (int i = 0; i < pairs.length; i++) {
            int equals = pairs[i].indexOf('=');
            if (equals < 1 || equals == pairs[i].length() - 1 || pairs[i].indexOf(';') >= 0) {
                throw malformed(what, "option " + (i + 1), "name=value, with & between two");
            }
            String name = decoded(pairs[i].substring(0, equals));
            MongoUriOption option = MongoUriOption.named(name);
            if (option == null) {
                boolean plain = WORD.matcher(name).matches();
                throw malformed(
                        what,
                        "option " + (plain ? name : String.valueOf(i + 1)) + ", which is unknown",
                        "an option of MongoDB's URI options specification");
            }
            String value = decoded(pairs[i].substring(equals + 1));
            value(what, option, value);
            if ((option == MongoUriOption.SRV_SERVICE_NAME || option == MongoUriOption.SRV_MAX_HOSTS) && !srv) {
                throw malformed(what, option.optionName(), "with mongodb+srv only");
            }
            if (options.put(option, value) != null) {
                throw malformed(what, option.optionName() + ", which is there twice", "once");
            }
        }
        return options;
    }

    static IllegalArgumentException malformed(String part, String expected) {
        return malformed("uri", part, expected);
    }

    static IllegalArgumentException malformed(String what, String part, String expected) {
        return new IllegalArgumentException(what + ": its " + part + " (expected: " + expected + ")");
    }

    private static void value(String what, MongoUriOption option, String value) {
        if (option == MongoUriOption.AUTH_MECHANISM && OTHER_MECHANISMS.contains(value)) {
            throw malformed(what, "authMechanism: " + value + ", which is not supported", option.expected());
        }
        if (!option.takes(value) || value.isEmpty() || value.indexOf('\0') >= 0) {
            throw malformed(what, option.optionName(), option.expected());
        }
    }

    private static @Nullable String database(String path) {
        String database = decoded(path);
        if (database.isEmpty()) {
            return null;
        }
        if (database.length() > MAX_DATABASE_CHARACTERS
                || database.chars().anyMatch(c -> NOT_IN_DATABASES.indexOf(c) >= 0)) {
            throw malformed(
                    "database",
                    "1 to " + MAX_DATABASE_CHARACTERS + " characters, none of /\\. \"$; $external is an authSource");
        }
        return database;
    }

    private static List<MongoUri.Host> hosts(String text, boolean srv) {
        List<MongoUri.Host> hosts = new ArrayList<>();
        for (String each : text.split(",", MAX_HOSTS + 1)) {
            int port = each.lastIndexOf(':');
            boolean bare = port < 0 || port < each.indexOf(']');
            String name = host(decoded(bare ? each : each.substring(0, port)));
            hosts.add(
                    new MongoUri.Host(name, !bare ? port(each.substring(port + 1)) : srv ? 0 : MongoUri.DEFAULT_PORT));
        }
        if (hosts.size() > MAX_HOSTS) {
            throw malformed("hosts", "at most " + MAX_HOSTS);
        }
        return hosts;
    }

    private static String host(String name) {
        if (name.indexOf('/') >= 0 || name.endsWith(".sock")) {
            throw malformed("host", "one of TCP, Unix sockets are not supported");
        }
        boolean bracketed = name.startsWith("[") && name.endsWith("]");
        String plain = bracketed ? name.substring(1, name.length() - 1) : name;
        boolean odd = plain.chars().anyMatch(c -> c <= ' ' || "[]@\\,\"".indexOf(c) >= 0);
        if (plain.isEmpty() || odd || bracketed != plain.indexOf(':') >= 0) {
            throw malformed("host", "a name or an address, one of IPv6 in brackets");
        }
        return plain;
    }

    private static int port(String text) {
        int port = text.matches("[1-9][0-9]{0,4}") ? Integer.parseInt(text) : 0;
        if (port == 0 || port > 0xffff) {
            throw malformed("port", "1 to 65535");
        }
        return port;
    }

    private static int firstOf(String text, String characters) {
        int at = 0;
        while (at < text.length() && characters.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return at;
    }

    /** A plus stays a plus; the bytes must be UTF-8. */
    private static String decoded(String text) {
        if (!Utf8.isUnicode(text)) {
            throw malformed("text", "Unicode");
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        Buffer decoded = Buffer.buffer(utf8.length);
        for (int i = 0; i < utf8.length; i++) {
            if (utf8[i] != '%') {
                decoded.appendByte(utf8[i]);
                continue;
            }
            int high = utf8.length - i > 2 ? Character.digit(utf8[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(utf8[i + 2], 16);
            if (low < 0) {
                throw malformed("percent", "two hexadecimal digits behind it");
            }
            decoded.appendByte((byte) (high << 4 | low));
            i += 2;
        }
        String whole = Utf8.text(decoded);
        if (whole == null) {
            throw malformed("percent", "UTF-8");
        }
        return whole;
    }
}
