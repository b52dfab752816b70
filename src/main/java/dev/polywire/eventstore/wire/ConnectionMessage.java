package dev.polywire.eventstore.wire;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** About the connection, or the node at its other end. */
public sealed interface ConnectionMessage extends EventStoreMessage {

    /** {@code 01}: from either side, which wants to know whether the other one is there. */
    record HeartbeatRequest() implements ConnectionMessage {}

    /** {@code 02}: with the correlation id of the request. */
    record HeartbeatResponse() implements ConnectionMessage {}

    /** {@code 03} */
    record Ping(Buffer data) implements ConnectionMessage {
        static Ping read(PayloadReader in) {
            return new Ping(in.payload());
        }

        @Override
        public void write(PayloadWriter out) {
            out.payload(data);
        }
    }

    /** {@code 04}: with the data of the ping. */
    record Pong(Buffer data) implements ConnectionMessage {
        static Pong read(PayloadReader in) {
            return new Pong(in.payload());
        }

        @Override
        public void write(PayloadWriter out) {
            out.payload(data);
        }
    }

    /** {@code d0} */
    record ScavengeDatabase() implements ConnectionMessage {}

    /**
     * {@code d1}, 5.0 and later: when the scavenge begins, or does not.
     *
     * @param scavengeId of the scavenge that runs; null: none does
     */
    record ScavengeDatabaseResponse(
            ScavengeResult result, @Nullable String scavengeId) implements ConnectionMessage {

        /** In the order of their numbers, from 0. */
        public enum ScavengeResult {
            STARTED,
            IN_PROGRESS,
            UNAUTHORIZED
        }

        /** Or, if the server is a 4.1, its {@link ScavengeDatabaseCompleted}. */
        static ConnectionMessage read(PayloadReader in) {
            Protobuf.ScavengeDatabaseResponse from = in.message(Protobuf.ScavengeDatabaseResponse.parser());
            String text = in.text("scavenge_id", from.hasScavengeId(), from.getScavengeIdBytes());
            if (from.hasTotalTimeMs() || from.hasTotalSpaceSaved()) {
                return new ScavengeDatabaseCompleted(
                        in.value("result", ScavengeDatabaseCompleted.ScavengeResult.values(), from.getResult()),
                        text,
                        from.getTotalTimeMs(),
                        from.getTotalSpaceSaved());
            }
            return new ScavengeDatabaseResponse(in.value("result", ScavengeResult.values(), from.getResult()), text);
        }

        @Override
        public void write(PayloadWriter out) {
            out.message(ScavengeDatabaseCompleted.to(result, scavengeId));
        }
    }

    /**
     * {@code d1} of 4.1: when the scavenge is over.
     *
     * @param error null: none
     * @param totalTimeMs how long it took
     * @param totalSpaceSaved in bytes
     */
    record ScavengeDatabaseCompleted(
            ScavengeResult result, @Nullable String error, int totalTimeMs, long totalSpaceSaved)
            implements ConnectionMessage {

        /** In the order of their numbers, from 0. */
        public enum ScavengeResult {
            SUCCESS,
            IN_PROGRESS,
            FAILED
        }

        @Override
        public TcpCommand command() {
            return TcpCommand.SCAVENGE_DATABASE_RESPONSE;
        }

        @Override
        public void write(PayloadWriter out) {
            out.message(to(result, error).setTotalTimeMs(totalTimeMs).setTotalSpaceSaved(totalSpaceSaved));
        }

        private static Protobuf.ScavengeDatabaseResponse.Builder to(Enum<?> result, @Nullable String text) {
            Protobuf.ScavengeDatabaseResponse.Builder to =
                    Protobuf.ScavengeDatabaseResponse.newBuilder().setResult(result.ordinal());
            return text == null ? to : to.setScavengeIdBytes(PayloadWriter.text("scavenge_id", text));
        }
    }

    /** {@code f0}: the package made no sense to the server. With the zero correlation id, the connection is about to close. */
    record BadRequest(String text) implements ConnectionMessage {
        static BadRequest read(PayloadReader in) {
            return new BadRequest(in.lenientText());
        }

        @Override
        public void write(PayloadWriter out) {
            out.text(text);
        }
    }

    /**
     * {@code f1}: another node may do it, or this one later.
     *
     * @param leader null: the reason has none, or the node does not know it
     */
    record NotHandled(NotHandledReason reason, @Nullable LeaderInfo leader) implements ConnectionMessage {
        static NotHandled read(PayloadReader in) {
            Protobuf.NotHandled from = in.message(Protobuf.NotHandled.parser());
            NotHandledReason reason = in.value("reason", NotHandledReason.values(), from.getReason());
            boolean elsewhere = reason == NotHandledReason.NOT_LEADER || reason == NotHandledReason.IS_READ_ONLY;
            return new NotHandled(
                    reason,
                    elsewhere && from.hasAdditionalInfo() ? LeaderInfo.read(in, from.getAdditionalInfo()) : null);
        }

        @Override
        public void write(PayloadWriter out) {
            Protobuf.NotHandled.Builder to = Protobuf.NotHandled.newBuilder().setReason(reason.ordinal());
            out.message(leader == null ? to : to.setAdditionalInfo(leader.write()));
        }
    }

    /** {@code f2}: the credentials of this package become those of the connection. */
    record Authenticate() implements ConnectionMessage {}

    /** {@code f3} */
    record Authenticated() implements ConnectionMessage {}

    /** {@code f4}: to {@link Authenticate}, or to any package. */
    record NotAuthenticated(String text) implements ConnectionMessage {
        static NotAuthenticated read(PayloadReader in) {
            return new NotAuthenticated(in.lenientText());
        }

        @Override
        public void write(PayloadWriter out) {
            out.text(text);
        }
    }

    /**
     * {@code f5}
     *
     * @param version of the client's protocol: 1 knows event numbers of 64 bits
     * @param connectionName null: none
     */
    record IdentifyClient(int version, @Nullable String connectionName) implements ConnectionMessage {
        static IdentifyClient read(PayloadReader in) {
            Protobuf.IdentifyClient from = in.message(Protobuf.IdentifyClient.parser());
            return new IdentifyClient(
                    from.getVersion(),
                    in.text("connection_name", from.hasConnectionName(), from.getConnectionNameBytes()));
        }

        @Override
        public void write(PayloadWriter out) {
            Protobuf.IdentifyClient.Builder to =
                    Protobuf.IdentifyClient.newBuilder().setVersion(version);
            if (connectionName != null) {
                to.setConnectionNameBytes(PayloadWriter.text("connection_name", connectionName));
            }
            out.message(to);
        }
    }

    /** {@code f6} */
    record ClientIdentified() implements ConnectionMessage {}
}
