package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.fuzz.Complaint;
import dev.polywire.fuzz.FuzzTarget;
import dev.polywire.mongodb.wire.BsonBoundsFuzz;
import io.vertx.core.buffer.Buffer;
import io.vertx.serviceproxy.ServiceException;
import java.util.stream.Stream;

/** What an answer means: nothing, a failure, or DECODE; the same as bytes and in both forms of JSON. */
public final class MongoAnswerFuzz implements FuzzTarget {

    @Override
    public String name() {
        return "mongo-answer";
    }

    @Override
    public Stream<Buffer> seeds() {
        return Stream.concat(
                BsonBoundsFuzz.documents().map(FuzzedDocument::seed),
                Stream.of(
                                "{\"ok\":1}",
                                "{\"ok\":{\"$numberDouble\":\"0.5\"}}",
                                "{\"ok\":{\"$numberLong\":\"1\"}}",
                                "{\"ok\":0,\"code\":50,\"errmsg\":\"late\"}",
                                "{\"ok\":0,\"code\":{\"$numberLong\":\"91\"},\"errmsg\":7,\"errorLabels\":[\"RetryableError\",7]}",
                                "{\"ok\":1,\"n\":1,\"writeErrors\":[{\"index\":0,\"code\":11000,\"errmsg\":\"twice\"}]}",
                                "{\"ok\":1,\"writeErrors\":[]}",
                                "{\"ok\":1,\"writeErrors\":[null],\"n\":{\"$numberInt\":\"1\"}}",
                                "{\"ok\":true,\"writeConcernError\":{\"code\":64,\"errmsg\":\"w\"},\"writeErrors\":[]}")
                        .map(Buffer::buffer));
    }

    @Override
    public void run(Buffer input) {
        Buffer answer = FuzzedDocument.of(input);
        if (answer != null) {
            String meaning = meaning(() -> MongoAnswer.accepted(ExtendedJson.decode(answer, false)));
            assertEquals(meaning, meaning(() -> MongoAnswer.accepted(ExtendedJson.decode(answer, true))));
            assertEquals(meaning, meaning(() -> MongoAnswer.accepted(answer)));
        }
    }

    private static String meaning(Runnable answer) {
        try {
            answer.run();
            return "accepted";
        } catch (ServiceException refused) {
            refused.getDebugInfo().toBuffer();
            return refused.failureCode() + ": " + refused.getMessage();
        } catch (ProtocolException bad) {
            Complaint.require(bad, ProtocolException.Kind.DECODE);
            return bad.getMessage();
        }
    }
}
