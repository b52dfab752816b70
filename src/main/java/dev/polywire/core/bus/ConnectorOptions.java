package dev.polywire.core.bus;

import dev.polywire.core.bus.watch.NodeWatch;
import dev.polywire.core.json.Fields;

/**
 * The options of every connector, whatever its protocol.
 *
 * @param name its name in status, events and logs; default: the protocol
 * @param address of its service; default {@code polywire.<name>}
 * @param failFast true: a peer that cannot be reached at the start fails the deployment; default false: it retries
 * @param maxRequests requests without an answer, 1 to 100,000, default 1,000: about a megabyte of bookkeeping
 * @param maxStreams streams open at the same time, 1 to 100,000, default 1,000
 * @param maxStreamsPerCaller streams of one client of a bridge, which is all sockets that log in with one name, or one
 *     socket without a name, 1 to 100,000, default 100
 * @param leaseMillis how long an unused handle lives, 100 to 3,600,000, default 30,000
 * @param drainMillis how long a leaving connector waits for its requests, 0 to 600,000, default 10,000
 */
public record ConnectorOptions(
        String name,
        String address,
        boolean failFast,
        int maxRequests,
        int maxStreams,
        int maxStreamsPerCaller,
        long leaseMillis,
        long drainMillis) {

    /** Reads the options from a larger object. @param protocol the default name */
    public static ConnectorOptions fromJson(Fields json, String protocol) {
        String name = json.text("name", protocol);
        String address = json.text("address", "polywire." + name);
        if (address.equals(Instances.ADDRESS) || NodeWatch.isReserved(address)) {
            throw json.complaint("address", "reserved (expected: not one of the bus's own, nor of ours)");
        }
        return new ConnectorOptions(
                name,
                address,
                json.flag("failFast", false),
                json.int32("maxRequests", 1_000, 1, 100_000),
                json.int32("maxStreams", 1_000, 1, 100_000),
                json.int32("maxStreamsPerCaller", 100, 1, 100_000),
                json.int64("leaseMillis", 30_000, 100, 3_600_000),
                json.int64("drainMillis", 10_000, 0, 600_000));
    }
}
