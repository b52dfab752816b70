package dev.polywire.amqp.wire;

import dev.polywire.core.wire.Limits;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Class 10, {@code connection} (AMQP 0-9-1, 1.4), with RabbitMQ's {@code blocked} and {@code update-secret}. All on channel 0.
 */
public sealed interface ConnectionMethod extends AmqpMethod {

    int CLASS = 10 << 16;

    /** The method with this number; null: this class has none. */
    static @Nullable ConnectionMethod read(int id, AmqpReader in) {
        return switch (id) {
            case Start.ID -> Start.read(in);
            case StartOk.ID -> StartOk.read(in);
            case Secure.ID -> Secure.read(in);
            case SecureOk.ID -> SecureOk.read(in);
            case Tune.ID -> Tune.read(in);
            case TuneOk.ID -> TuneOk.read(in);
            case Open.ID -> Open.read(in);
            case OpenOk.ID -> OpenOk.read(in);
            case Close.ID -> Close.read(in);
            case CloseOk.ID -> new CloseOk();
            case Blocked.ID -> Blocked.read(in);
            case Unblocked.ID -> new Unblocked();
            case UpdateSecret.ID -> UpdateSecret.read(in);
            case UpdateSecretOk.ID -> new UpdateSecretOk();
            default -> null;
        };
    }

    /** {@code 10.10}: the server's offer. Mechanisms and locales are separated by blanks. */
    record Start(
            int versionMajor,
            int versionMinor,
            Map<String, @Nullable Object> serverProperties,
            Buffer mechanisms,
            Buffer locales)
            implements ConnectionMethod {
        public static final int ID = CLASS | 10;

        public Start {
            Limits.range("versionMajor", versionMajor, 0, 0xff);
            Limits.range("versionMinor", versionMinor, 0, 0xff);
        }

        static Start read(AmqpReader in) {
            return new Start(in.u8(), in.u8(), in.table(), in.longString(), in.longString());
        }

        @Override
        public void write(AmqpWriter out) {
            out.u8(versionMajor)
                    .u8(versionMinor)
                    .table(serverProperties)
                    .longString(mechanisms)
                    .longString(locales);
        }
    }

    /** {@code 10.11}: our choice, and our credentials. */
    record StartOk(Map<String, @Nullable Object> clientProperties, String mechanism, Buffer response, String locale)
            implements ConnectionMethod {
        public static final int ID = CLASS | 11;

        static StartOk read(AmqpReader in) {
            return new StartOk(in.table(), in.shortString(), in.longString(), in.shortString());
        }

        @Override
        public void write(AmqpWriter out) {
            out.table(clientProperties)
                    .shortString("mechanism", mechanism)
                    .longString(response)
                    .shortString("locale", locale);
        }
        /** Without the secret. */
        @Override
        public String toString() {
            return "StartOk[mechanism=" + mechanism + ", locale=" + locale + "]";
        }
    }

    /** {@code 10.20}: the mechanism's next challenge. */
    record Secure(Buffer challenge) implements ConnectionMethod {
        public static final int ID = CLASS | 20;

        static Secure read(AmqpReader in) {
            return new Secure(in.longString());
        }

        @Override
        public void write(AmqpWriter out) {
            out.longString(challenge);
        }
        /** Without the secret. */
        @Override
        public String toString() {
            return "Secure[" + challenge.length() + " bytes]";
        }
    }

    /** {@code 10.21} */
    record SecureOk(Buffer response) implements ConnectionMethod {
        public static final int ID = CLASS | 21;

        static SecureOk read(AmqpReader in) {
            return new SecureOk(in.longString());
        }

        @Override
        public void write(AmqpWriter out) {
            out.longString(response);
        }
        /** Without the secret. */
        @Override
        public String toString() {
            return "SecureOk[" + response.length() + " bytes]";
        }
    }

    /**
     * {@code 10.30}: the server's limits; 0: none, or no heartbeat.
     *
     * @param frameMax bytes
     * @param heartbeat seconds
     */
    record Tune(int channelMax, long frameMax, int heartbeat) implements ConnectionMethod {
        public static final int ID = CLASS | 30;

        public Tune {
            Limits.range("channelMax", channelMax, 0, 0xffff);
            Limits.range("frameMax", frameMax, 0, 0xffff_ffffL);
            Limits.range("heartbeat", heartbeat, 0, 0xffff);
        }

        static Tune read(AmqpReader in) {
            return new Tune(in.u16(), in.u32(), in.u16());
        }

        @Override
        public void write(AmqpWriter out) {
            out.u16(channelMax).u32(frameMax).u16(heartbeat);
        }
    }

    /** {@code 10.31}: the agreed limits. RabbitMQ refuses more than it offered, and 0 counts as more. */
    record TuneOk(int channelMax, long frameMax, int heartbeat) implements ConnectionMethod {
        public static final int ID = CLASS | 31;

        public TuneOk {
            Limits.range("channelMax", channelMax, 0, 0xffff);
            Limits.range("frameMax", frameMax, 0, 0xffff_ffffL);
            Limits.range("heartbeat", heartbeat, 0, 0xffff);
        }

        static TuneOk read(AmqpReader in) {
            return new TuneOk(in.u16(), in.u32(), in.u16());
        }

        @Override
        public void write(AmqpWriter out) {
            out.u16(channelMax).u32(frameMax).u16(heartbeat);
        }
    }

    /** {@code 10.40} */
    record Open(String virtualHost) implements ConnectionMethod, SynchronousMethod {
        public static final int ID = CLASS | 40;

        static Open read(AmqpReader in) {
            Open read = new Open(in.shortString());
            in.shortString();
            in.bit();
            return read;
        }

        @Override
        public void write(AmqpWriter out) {
            out.shortString("virtualHost", virtualHost)
                    .shortString("reserved", "")
                    .bit(false);
        }
    }

    /** {@code 10.41} */
    record OpenOk() implements ConnectionMethod {
        public static final int ID = CLASS | 41;

        static OpenOk read(AmqpReader in) {
            in.shortString();
            return new OpenOk();
        }

        @Override
        public void write(AmqpWriter out) {
            out.shortString("reserved", "");
        }
    }

    /**
     * {@code 10.50}: The end, with a reason.
     *
     * @param replyCode see {@link ReplyCode}
     * @param classId of the method that is the cause; 0: none
     */
    record Close(int replyCode, String replyText, int classId, int methodId)
            implements ConnectionMethod, SynchronousMethod {
        public static final int ID = CLASS | 50;

        public Close {
            Limits.range("replyCode", replyCode, 0, 0xffff);
            Limits.range("classId", classId, 0, 0xffff);
            Limits.range("methodId", methodId, 0, 0xffff);
        }

        static Close read(AmqpReader in) {
            return new Close(in.u16(), in.shortString(), in.u16(), in.u16());
        }

        @Override
        public void write(AmqpWriter out) {
            out.u16(replyCode).shortString("replyText", replyText).u16(classId).u16(methodId);
        }
    }

    /** {@code 10.51} */
    record CloseOk() implements ConnectionMethod {
        public static final int ID = CLASS | 51;
    }

    /** {@code 10.60}: the broker reads no publishes for now (RabbitMQ). */
    record Blocked(String reason) implements ConnectionMethod {
        public static final int ID = CLASS | 60;

        static Blocked read(AmqpReader in) {
            return new Blocked(in.shortString());
        }

        @Override
        public void write(AmqpWriter out) {
            out.shortString("reason", reason);
        }
    }

    /** {@code 10.61} (RabbitMQ) */
    record Unblocked() implements ConnectionMethod {
        public static final int ID = CLASS | 61;
    }

    /** {@code 10.70}: a fresh token in place of one that expires (RabbitMQ). */
    record UpdateSecret(Buffer newSecret, String reason) implements ConnectionMethod, SynchronousMethod {
        public static final int ID = CLASS | 70;

        static UpdateSecret read(AmqpReader in) {
            return new UpdateSecret(in.longString(), in.shortString());
        }

        @Override
        public void write(AmqpWriter out) {
            out.longString(newSecret).shortString("reason", reason);
        }
        /** Without the secret. */
        @Override
        public String toString() {
            return "UpdateSecret[reason=" + reason + "]";
        }
    }

    /** {@code 10.71} (RabbitMQ) */
    record UpdateSecretOk() implements ConnectionMethod {
        public static final int ID = CLASS | 71;
    }
}
