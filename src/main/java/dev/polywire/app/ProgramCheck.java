package dev.polywire.app;

import dev.polywire.app.ProgramOptions.BridgeEntry;
import dev.polywire.app.ProgramOptions.ConnectorEntry;
import dev.polywire.app.cluster.ClusterOptions;
import dev.polywire.bridge.BridgeOptions;
import dev.polywire.core.bus.PolywireOptions;
import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.FieldObserver;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.TlsOptions;
import dev.polywire.embedded.EmbeddedOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole configuration, starts nothing, and reports all errors together: those that each part would report, and
 * conflicts between parts. Reads the certificates that are named.
 */
final class ProgramCheck {

    private static final int MAX_CERTIFICATE_BYTES = 1_048_576;

    private final Consumer<FieldException> complaints;
    private final Set<Path> files = new LinkedHashSet<>();
    private final Map<String, String> taken = new HashMap<>();
    private final Map<String, EndpointOptions> endpoints = new LinkedHashMap<>();
    private final ByteLimits byteLimits = new ByteLimits();
    private final TimePairs timePairs = new TimePairs();
    private final ProgramOptions options;

    ProgramCheck(JsonObject json, Consumer<FieldException> complaints) {
        this(json, complaints, FieldObserver.NONE);
    }

    /** @param observer is told what a configuration may hold */
    ProgramCheck(JsonObject json, Consumer<FieldException> complaints, FieldObserver observer) {
        this.complaints = complaints;
        Fields top = Fields.observed(json, complaints, observer);
        // For editors.
        top.textOrNull("$schema");
        PolywireOptions common = PolywireOptions.fromJson(top);
        List<EmbeddedOptions> embedded = new ArrayList<>();
        for (Fields each : top.objects("embedded")) {
            EmbeddedOptions server = each.read(EmbeddedOptions::fromJson);
            if (server != null) {
                alone(each, "port", EmbeddedOptions.HOST + ":" + server.port());
                embedded.add(server);
            }
        }
        List<ConnectorEntry> connectors = new ArrayList<>();
        for (Fields each : top.objects("connectors")) {
            ConnectorEntry connector = each.read(this::connector);
            if (connector != null) {
                connectors.add(connector);
            }
        }
        BridgeEntry bridge = null;
        if (top.objectOrNull("bridge") != null) {
            Fields door = top.object("bridge");
            bridge = door.read(this::bridge);
        }
        ClusterOptions cluster = null;
        if (top.objectOrNull("cluster") != null) {
            Fields node = top.object("cluster");
            cluster = node.read(this::cluster);
        }
        LogOptions log = null;
        if (top.objectOrNull("log") != null) {
            Fields lines = top.object("log");
            log = lines.read(LogOptions::fromJson);
        }
        long scanMillis = top.int64("scanMillis", 2_000, 0, 3_600_000);
        if (scanMillis > 0 && scanMillis < 100) {
            complaints.accept(top.complaint("scanMillis", scanMillis + " (expected: 0, or 100 to 3600000)"));
        }
        top.done();
        options = new ProgramOptions(
                common, embedded, connectors, bridge, cluster, log == null ? LogOptions.USUAL : log, scanMillis);
    }

    /** The options read; complete when there is no complaint. */
    ProgramOptions options() {
        return options;
    }

    /** Certificates and keys that are named. */
    Set<Path> files() {
        return files;
    }

    /** The endpoint of each part, by its path. */
    Map<String, EndpointOptions> endpoints() {
        return endpoints;
    }

    /** Times that fight each other. */
    List<FieldException> warnings() {
        return timePairs.warnings();
    }

    /** The limits of bytes of all parts. */
    ByteLimits byteLimits() {
        return byteLimits;
    }

    private ConnectorEntry connector(Fields json) {
        Protocol protocol = protocol(json);
        int instances = json.int32("instances", 1, 1, protocol.maxInstances());
        JsonObject config = json.unread();
        Settings settings = protocol.check(json);
        alone(json, "name", settings.connector().name());
        alone(json, "address", settings.connector().address());
        if (protocol.listens()) {
            listens(json, settings.endpoint());
        }
        byteLimits.add(json.path(), settings.options(), config);
        timePairs.add(json.path(), settings.options(), config);
        return new ConnectorEntry(protocol, instances, settings, config, digests(json, settings.endpoint()));
    }

    private BridgeEntry bridge(Fields json) {
        JsonObject config = json.unread();
        BridgeOptions bridge = BridgeOptions.fromJson(json);
        EndpointOptions endpoint = bridge.endpoint();
        listens(json, endpoint);
        byteLimits.add(json.path(), bridge, config);
        timePairs.add(json.path(), bridge, config);
        return new BridgeEntry(endpoint, bridge.limits().drainMillis(), config, digests(json, endpoint));
    }

    private ClusterOptions cluster(Fields json) {
        ClusterOptions options = ClusterOptions.fromJson(json);
        ClusterOptions.Tls tls = options.tls();
        if (tls != null) {
            List<String> unused = new ArrayList<>();
            digest(json, "tls.trust", tls.trust(), Pem.CERTIFICATES, unused);
            digest(json, "tls.certificate", tls.certificate(), Pem.CERTIFICATES, unused);
            digest(json, "tls.key", tls.key(), Pem.KEY, unused);
        }
        return options;
    }

    private static Protocol protocol(Fields json) {
        List<String> types = Stream.of(Protocol.values()).map(Protocol::type).toList();
        return Protocol.values()[types.indexOf(json.word("type", types))];
    }

    private void listens(Fields json, EndpointOptions endpoint) {
        if (endpoint.port() != 0) {
            boolean byName = endpoint.host().equals("localhost");
            alone(json, "port", byName ? "127.0.0.1:" + endpoint.port() : endpoint.target());
        }
        TlsOptions tls = endpoint.tls();
        if (tls != null && tls.certificate() == null) {
            complaints.accept(json.complaint(
                    "tls.certificate", "missing (expected: a PEM file, where connections are accepted)"));
        }
    }

    /** Two parts cannot have the same name, address or port. */
    private void alone(Fields json, String field, String value) {
        String first = taken.putIfAbsent(field + " " + value, json.path());
        if (first != null) {
            complaints.accept(json.complaint(field, value + " is that of " + first + " too (expected: another)"));
        }
    }

    private List<String> digests(Fields json, EndpointOptions endpoint) {
        endpoints.put(json.path(), endpoint);
        TlsOptions tls = endpoint.tls();
        List<String> digests = new ArrayList<>();
        if (tls != null) {
            // Where no field says it, a connection string does.
            String object = json.has("tls") ? "tls." : "uri.tls.";
            boolean one = tls.certificate() != null && tls.certificate().equals(tls.key());
            digest(json, object + "trust", tls.trust(), Pem.CERTIFICATES, digests);
            digest(json, object + "certificate", tls.certificate(), one ? Pem.BOTH : Pem.CERTIFICATES, digests);
            digest(json, object + "key", one ? null : tls.key(), Pem.KEY, digests);
        }
        return digests;
    }

    private void digest(Fields json, String field, @Nullable String name, Pem content, List<String> digests) {
        if (name == null) {
            return;
        }
        try {
            Path file = Path.of(name);
            files.add(file);
            if (Files.size(file) > MAX_CERTIFICATE_BYTES) {
                throw new IOException("too large");
            }
            byte[] bytes = Files.readAllBytes(file);
            if (!content.isIn(bytes)) {
                complaints.accept(
                        json.complaint(field, name + " is no such PEM file (expected: " + content.expected() + ")"));
            }
            digests.add(field + " "
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
        } catch (IOException | InvalidPathException unreadable) {
            complaints.accept(json.complaint(
                    field,
                    name + " cannot be read (expected: a PEM file, at most " + MAX_CERTIFICATE_BYTES + " bytes)"));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
