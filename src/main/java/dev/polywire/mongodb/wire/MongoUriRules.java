package dev.polywire.mongodb.wire;

import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;

/** Which options of a connection string fit together. Complaints name options, not values. */
final class MongoUriRules {

    private static final List<MongoUriOption> OF_TLS = List.of(
            MongoUriOption.TLS_CA_FILE,
            MongoUriOption.TLS_CERTIFICATE_KEY_FILE,
            MongoUriOption.TLS_ALLOW_INVALID_HOSTNAMES);

    /** Exclude each other in pairs. */
    private static final List<MongoUriOption> DOUBTS = List.of(
            MongoUriOption.TLS_INSECURE,
            MongoUriOption.TLS_ALLOW_INVALID_CERTIFICATES,
            MongoUriOption.TLS_DISABLE_OCSP_ENDPOINT_CHECK,
            MongoUriOption.TLS_DISABLE_CERTIFICATE_REVOCATION_CHECK);

    private static final Pattern NUMBER_AT_ITS_END = Pattern.compile("(.*\\.)?[0-9]+");

    private MongoUriRules() {}

    static void check(boolean srv, List<MongoUri.Host> hosts, Map<MongoUriOption, String> options) {
        tls(srv, options);
        BiPredicate<MongoUriOption, String> is = (option, value) -> value.equals(options.get(option));
        boolean balanced = is.test(MongoUriOption.LOAD_BALANCED, "true");
        boolean few = !options.getOrDefault(MongoUriOption.SRV_MAX_HOSTS, "0").matches("0+");
        boolean set = options.containsKey(MongoUriOption.REPLICA_SET);
        if (is.test(MongoUriOption.DIRECT_CONNECTION, "true")) {
            refuse(srv || hosts.size() > 1, MongoUriOption.DIRECT_CONNECTION, "false with several hosts or SRV");
            refuse(balanced, MongoUriOption.DIRECT_CONNECTION, "false with loadBalanced");
        }
        refuse(balanced && (set || hosts.size() > 1), MongoUriOption.LOAD_BALANCED, "one host, and no replicaSet");
        refuse(few && (set || balanced), MongoUriOption.SRV_MAX_HOSTS, "none with replicaSet or loadBalanced");
        if (srv) {
            service(hosts);
        }
        refuse(
                is.test(MongoUriOption.W, "0") && is.test(MongoUriOption.JOURNAL, "true"),
                MongoUriOption.JOURNAL,
                "false with w=0");
        long most = Long.parseLong(options.getOrDefault(MongoUriOption.MAX_POOL_SIZE, "0"));
        refuse(
                most > 0 && Long.parseLong(options.getOrDefault(MongoUriOption.MIN_POOL_SIZE, "0")) > most,
                MongoUriOption.MIN_POOL_SIZE,
                "at most maxPoolSize");
        // None of the mechanisms that there are has a property.
        refuse(
                options.containsKey(MongoUriOption.AUTH_MECHANISM_PROPERTIES),
                MongoUriOption.AUTH_MECHANISM_PROPERTIES,
                "none, SCRAM, MONGODB-X509 and PLAIN have no properties");
    }

    private static void tls(boolean srv, Map<MongoUriOption, String> options) {
        String tls = options.get(MongoUriOption.TLS);
        String ssl = options.get(MongoUriOption.SSL);
        refuse(tls != null && ssl != null && !tls.equals(ssl), MongoUriOption.SSL, "as tls, or not at all");
        String said = tls == null ? ssl : tls;
        boolean secured = said == null ? srv : said.equals("true");
        for (MongoUriOption each : OF_TLS) {
            refuse(!secured && options.containsKey(each), each, "with tls=true only");
        }
        long doubts = DOUBTS.stream().filter(options::containsKey).count();
        refuse(doubts > 1, MongoUriOption.TLS, "at most one of " + names());
        refuse(
                options.containsKey(MongoUriOption.TLS_INSECURE)
                        && options.containsKey(MongoUriOption.TLS_ALLOW_INVALID_HOSTNAMES),
                MongoUriOption.TLS_INSECURE,
                "none with tlsAllowInvalidHostnames");
    }

    private static void service(List<MongoUri.Host> hosts) {
        if (hosts.size() > 1) {
            throw MongoUriParser.malformed("hosts", "one with mongodb+srv");
        }
        MongoUri.Host host = hosts.get(0);
        if (host.port() != 0) {
            throw MongoUriParser.malformed("port", "none with mongodb+srv");
        }
        if (host.name().indexOf(':') >= 0
                || NUMBER_AT_ITS_END.matcher(host.name()).matches()) {
            throw MongoUriParser.malformed("host", "a name, not an address, with mongodb+srv");
        }
    }

    private static String names() {
        return String.join(", ", DOUBTS.stream().map(MongoUriOption::optionName).toList());
    }

    private static void refuse(boolean wrong, MongoUriOption option, String expected) {
        if (wrong) {
            throw MongoUriParser.malformed(option.optionName(), expected);
        }
    }
}
