package dev.polywire.bridge;

import dev.polywire.core.json.Fields;
import dev.polywire.core.net.EndpointOptions;
import java.util.regex.Pattern;

/**
 * The configuration of a bridge.
 *
 * <pre>
 *   {"port": 7000, "call": [...]}                                             this machine only, without login
 *   {"host": "0.0.0.0", "port": 7000, "tls": {...}, "clients": [{"name": "reports", "token": ..., "call": [...]}]}
 * </pre>
 *
 * @param endpoint where to listen. A bridge for other machines needs TLS and credentials
 */
public record BridgeOptions(EndpointOptions endpoint, Clients clients, BridgeLimits limits) {

    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern LOOPBACK = Pattern.compile("localhost|::1|127(\\." + OCTET + "){3}");

    /**
     * Reads the whole object: the fields of {@link EndpointOptions}; {@code call}, {@code serve} and {@code listen}, the
     * permissions of a client without credentials (see {@link Permissions}); {@code clients}, each {@code {name, token or
     * certificate, call, serve, listen}}; and {@link BridgeLimits} by their names.
     */
    public static BridgeOptions fromJson(Fields json) {
        EndpointOptions endpoint = EndpointOptions.fromJson(json);
        Clients clients = Clients.fromJson(json);
        BridgeLimits limits = BridgeLimits.fromJson(json);
        json.done();
        if (!LOOPBACK.matcher(endpoint.host()).matches()) {
            requireCredentials(json, endpoint, clients);
        }
        if (clients.anyWithCertificate()
                && (endpoint.tls() == null || endpoint.tls().trust() == null)) {
            throw json.complaint("tls.trust", "missing (expected: the authority of the clients' certificates)");
        }
        return new BridgeOptions(endpoint, clients, limits);
    }

    /** Whether a client without a login may ask for this. */
    public boolean permitsAnybody(String address, String action) {
        Permissions anonymous = clients.anonymous();
        return anonymous != null && anonymous.mayCall(address, action);
    }

    /** Whether a client may connect without a certificate although {@code tls.trust} is set: some log in with a token. */
    boolean certificateIsOptional() {
        return clients.anyWithCertificate() && (clients.anyWithToken() || clients.anonymous() != null);
    }

    private static void requireCredentials(Fields json, EndpointOptions endpoint, Clients clients) {
        String because = ", because the host is not 127.0.0.0/8, ::1 or localhost)";
        if (endpoint.tls() == null) {
            throw json.complaint("tls", "missing (expected: certificate and key" + because);
        }
        if (clients.named().isEmpty()) {
            throw json.complaint("clients", "missing (expected: at least one with credentials" + because);
        }
        if (clients.anonymous() != null) {
            throw json.complaint(
                    "clients",
                    "beside call, serve or listen at the top (expected: all permissions in clients" + because);
        }
    }
}
