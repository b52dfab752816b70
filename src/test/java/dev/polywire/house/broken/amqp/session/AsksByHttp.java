package dev.polywire.house.broken.amqp.session;

import dev.polywire.house.Breaks;
import io.vertx.core.http.HttpClient;

@Breaks({"client, session, server", "Vert.x's HTTP"})
public interface AsksByHttp {

    HttpClient http();
}
