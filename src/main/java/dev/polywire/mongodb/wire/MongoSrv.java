package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.Printable;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What the DNS adds to a {@code mongodb+srv} URI ("initial DNS seedlist discovery" specification): hosts from SRV records,
 * options from a TXT record. Somebody else asks the DNS.
 */
public final class MongoSrv {

    private static final Set<MongoUriOption> IN_TXT =
            Set.of(MongoUriOption.AUTH_SOURCE, MongoUriOption.REPLICA_SET, MongoUriOption.LOAD_BALANCED);
    private static final int MAX_HOSTS = 100;
    /** Labels of a host whose domain is what stands behind its first one. */
    private static final int LABELS_WITH_DOMAIN = 3;

    private MongoSrv() {}

    /** The name to ask for SRV records: {@code _mongodb._tcp.cluster.example.com}. */
    public static String service(MongoUri uri) {
        return "_" + uri.options().getOrDefault(MongoUriOption.SRV_SERVICE_NAME, "mongodb") + "._tcp." + name(uri);
    }

    /** The name to ask for TXT records, which it need not have. */
    public static String name(MongoUri uri) {
        return uri.hosts().get(0).name();
    }

    /**
     * The URI as if the DNS's answers stood in it: without SRV, with TLS unless it said otherwise. What the URI says itself goes
     * before the TXT record.
     *
     * @param uri of SRV
     * @param hosts of the SRV records
     * @param texts of the TXT records; empty: none
     * @throws IllegalArgumentException for hosts outside the URI's domain, for several texts, and for options that may not be in
     *     one
     */
    public static MongoUri resolved(MongoUri uri, List<MongoUri.Host> hosts, List<String> texts) {
        if (!uri.srv()) {
            throw new IllegalArgumentException("uri: its scheme (expected: mongodb+srv)");
        }
        if (hosts.isEmpty() || hosts.size() > MAX_HOSTS) {
            throw new IllegalArgumentException("SRV records: " + hosts.size() + " (expected: 1 to " + MAX_HOSTS + ")");
        }
        if (texts.size() > 1) {
            throw new IllegalArgumentException("TXT records: " + texts.size() + " (expected: at most 1)");
        }
        List<MongoUri.Host> inDomain =
                hosts.stream().map(each -> inDomain(name(uri), each)).toList();
        Map<MongoUriOption, String> options = new EnumMap<>(MongoUriOption.class);
        if (!texts.isEmpty()) {
            options.putAll(text(texts.get(0)));
        }
        options.putAll(uri.options());
        options.put(MongoUriOption.TLS, String.valueOf(uri.tls()));
        options.remove(MongoUriOption.SSL);
        options.remove(MongoUriOption.SRV_SERVICE_NAME);
        return new MongoUri(false, inDomain, uri.user(), uri.password(), uri.database(), options);
    }

    private static Map<MongoUriOption, String> text(String text) {
        Map<MongoUriOption, String> options = MongoUriParser.options("TXT record", text, false);
        for (MongoUriOption each : options.keySet()) {
            if (!IN_TXT.contains(each)) {
                throw MongoUriParser.malformed(
                        "TXT record", each.optionName(), "authSource, replicaSet and loadBalanced only");
            }
        }
        return options;
    }

    /** Whoever can forge an answer of the DNS must not lead us to a host of his. */
    private static MongoUri.Host inDomain(String name, MongoUri.Host target) {
        String service = plain(name);
        String host = plain(target.name());
        int labels = labels(service);
        String domain = labels < LABELS_WITH_DOMAIN ? service : service.substring(service.indexOf('.') + 1);
        boolean inside = host.endsWith("." + domain);
        if (!inside || labels < LABELS_WITH_DOMAIN && labels(host) <= labels) {
            throw new IllegalArgumentException("SRV record: the host " + Printable.line(host)
                    + " (expected: one in the domain " + Printable.line(domain) + ")");
        }
        if (target.port() < 1 || target.port() > 0xffff) {
            throw new IllegalArgumentException("SRV record: port " + target.port() + " (expected: 1 to 65535)");
        }
        return new MongoUri.Host(host, target.port());
    }

    private static String plain(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    private static int labels(String name) {
        return name.split("\\.", -1).length;
    }
}
