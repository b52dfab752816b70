package dev.polywire.eventstore.service;

import dev.polywire.core.bus.ConnectorOptions;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.wire.Utf8;
import dev.polywire.eventstore.client.EventStoreClientOptions;
import dev.polywire.eventstore.session.Attendance;
import dev.polywire.eventstore.session.EventStoreClusterOptions;
import dev.polywire.eventstore.session.FlowLimits;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.CredentialsLayout;
import dev.polywire.eventstore.wire.EventStoreMachine;
import dev.polywire.eventstore.wire.HeartbeatTimes;
import dev.polywire.eventstore.wire.TcpPackage;
import dev.polywire.eventstore.wire.UserCredentials;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of an EventStore connector.
 *
 * @param endpoint the node, or with a cluster what all nodes have in common: TLS and the connect timeout
 * @param cluster how its nodes are found; none: the endpoint alone
 * @param client {@code user, password, token, connectionName, heartbeatMillis, heartbeatTimeoutMillis, maxInFlight,
 *     maxPackageBytes}
 * @param requireLeader what an action does that does not say
 * @param retryAny the same: whether an append with an expected version of -2 or -4 is sent again after a lost answer
 * @param maxSliceBytes a slice ends when its events have about this size; 1,024 to 16,777,216, default 1 MiB
 * @param flow of streams and subscriptions: {@code pageEvents, pageTimeoutMillis, maxLiveEvents, maxLiveBytes}
 * @param inFlight events of a persistent subscription that may be unsettled, where a stream does not say; 1 to 2,000, default 512
 * @param bindings groups whose events are sent to addresses
 */
public record EventStoreOptions(
        ConnectorOptions connector,
        EndpointOptions endpoint,
        EventStoreClusterOptions cluster,
        EventStoreClientOptions client,
        boolean requireLeader,
        boolean retryAny,
        int maxSliceBytes,
        FlowLimits flow,
        int inFlight,
        List<GroupBinding> bindings) {

    private static final String DEFAULT_HOST = "127.0.0.1";
    private static final int DEFAULT_PORT = 1113;
    static final int MAX_PAGE_EVENTS = 4_096;
    private static final int DEFAULT_SLICE_BYTES = 1024 * 1024;
    private static final int GREATEST_SLICE_BYTES = 16 * 1024 * 1024;

    /** Reads a whole object. */
    public static EventStoreOptions fromJson(Fields json) {
        ConnectorOptions connector = ConnectorOptions.fromJson(json, "eventstore");
        EndpointOptions endpoint = EndpointOptions.fromJson(
                json, json.text("host", DEFAULT_HOST), json.int32("port", DEFAULT_PORT, 1, 65_535));
        EventStoreOptions options = new EventStoreOptions(
                connector,
                endpoint,
                ClusterJson.read(json),
                client(json, connector, endpoint),
                json.flag("requireLeader", true),
                json.flag("retryAny", false),
                json.int32("maxSliceBytes", DEFAULT_SLICE_BYTES, 1_024, GREATEST_SLICE_BYTES),
                flow(json),
                json.int32("inFlight", Attendance.IN_FLIGHT, 1, GroupStreams.MAX_IN_FLIGHT),
                GroupBinding.listed(json));
        json.done();
        return options;
    }

    /** The server's address, for log messages and status. */
    String target() {
        return ClusterJson.target(cluster, endpoint);
    }

    private static FlowLimits flow(Fields json) {
        FlowLimits defaults = FlowLimits.DEFAULT;
        return new FlowLimits(
                json.int32("pageEvents", defaults.pageSize(), 1, MAX_PAGE_EVENTS),
                json.int64("pageTimeoutMillis", defaults.pageDeadlineMillis(), 1, 3_600_000),
                json.int32("maxLiveEvents", defaults.maxQueuedEvents(), 1, 1_000_000),
                json.int64("maxLiveBytes", defaults.maxQueuedBytes(), 1_024, 1L << 30));
    }

    private static EventStoreClientOptions client(Fields json, ConnectorOptions connector, EndpointOptions endpoint) {
        UserCredentials credentials = credentials(json);
        CredentialsLayout layout = credentials instanceof UserCredentials.Token
                ? CredentialsLayout.PASSWORDS_OR_TOKEN
                : CredentialsLayout.PASSWORDS;
        requireSendable(json, credentials, layout);
        String connectionName = json.text("connectionName", connector.name());
        if (!Utf8.isUnicode(connectionName)) {
            throw json.complaint("connectionName", Utf8.NOT_UNICODE);
        }
        HeartbeatTimes heartbeats = HeartbeatTimes.CLIENT;
        return new EventStoreClientOptions(
                credentials,
                layout,
                connectionName,
                new HeartbeatTimes(
                        heartbeats.rule(),
                        json.int32("heartbeatMillis", heartbeats.intervalMillis(), 0, 3_600_000),
                        json.int32("heartbeatTimeoutMillis", heartbeats.timeoutMillis(), 1, 3_600_000)),
                json.int32("maxInFlight", EventStoreClientOptions.MAX_IN_FLIGHT, 1, 100_000),
                endpoint.connectTimeoutMillis(),
                json.int32(
                        "maxPackageBytes",
                        TcpPackage.MAX_BYTES,
                        EventStoreClientOptions.LEAST_PACKAGE_BYTES,
                        TcpPackage.MAX_BYTES));
    }

    /** Else each attempt to connect would fail. */
    private static void requireSendable(Fields json, @Nullable UserCredentials credentials, CredentialsLayout layout) {
        try {
            TcpPackage.of(EventStoreMachine.NO_CONVERSATION, new ConnectionMessage.Authenticate(), credentials)
                    .write(layout, TcpPackage.MAX_BYTES);
        } catch (IllegalArgumentException unfit) {
            String[] words = String.valueOf(unfit.getMessage()).split(": ", 2);
            throw json.complaint(words[0].equals("login") ? "user" : words[0], words[words.length - 1]);
        }
    }

    private static @Nullable UserCredentials credentials(Fields json) {
        String user = json.textOrNull("user");
        String password = json.textOrNull("password");
        String token = json.textOrNull("token");
        if (token != null && user != null) {
            throw json.complaint("token", "beside another one (expected: token, or user and password)");
        }
        if ((user == null) != (password == null)) {
            throw json.complaint(
                    user == null ? "user" : "password", "missing (expected: user and password, or neither)");
        }
        if (token != null) {
            return new UserCredentials.Token(token);
        }
        return user == null || password == null ? null : new UserCredentials.Password(user, password);
    }
}
