package dev.polywire.embedded;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import java.util.List;
import java.util.Locale;

/**
 * An embedded server of a configuration: {@code {type, port}}.
 *
 * @param port 1 to 65,535
 */
public record EmbeddedOptions(Type type, int port) {

    /** Loopback only: the servers have no passwords, or well-known ones. */
    public static final String HOST = "127.0.0.1";

    /** The kinds of embedded servers. */
    public enum Type {
        /** mongo-java-server, in memory. */
        MONGODB("de/bwaldvogel/mongo/MongoServer.class", "de.bwaldvogel:mongo-java-server"),
        /** Qpid Broker-J, in memory: virtual host {@code /}, user and password {@code guest}. */
        AMQP(
                "org/apache/qpid/server/SystemLauncher.class",
                "org.apache.qpid:qpid-broker-core with -plugins-amqp-0-8-protocol and -plugins-memory-store"),
        /** Answers each framed message with {@code server replied: ...}. */
        FRAMED_ECHO,
        /** Answers each query with the query and its parameters. */
        BOLT_ECHO;

        private final String file;
        private final String library;

        /** One of ours. */
        Type() {
            this("", "");
        }

        Type(String file, String library) {
            this.file = file;
            this.library = library;
        }

        private boolean isHere() {
            return file.isEmpty() || Type.class.getClassLoader().getResource(file) != null;
        }

        /** Its name in a configuration. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * Reads a whole object.
     *
     * @throws FieldException for a type that is not known, or whose library is not on the class path
     */
    public static EmbeddedOptions fromJson(Fields json) {
        String word = json.text("type");
        int port = json.int32("port", 1, 65_535);
        json.done();
        List<Type> types = List.of(Type.values());
        Type type = types.stream()
                .filter(each -> each.word().equals(word))
                .findFirst()
                .orElseThrow(() -> json.complaint(
                        "type",
                        "unknown (expected: one of "
                                + types.stream().map(Type::word).toList() + ")"));
        if (!type.isHere()) {
            throw json.complaint(
                    "type",
                    word + " is not in this program (expected: polywire.jar, or " + type.library
                            + " on the class path)");
        }
        return new EmbeddedOptions(type, port);
    }
}
