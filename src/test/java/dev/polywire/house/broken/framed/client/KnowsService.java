package dev.polywire.house.broken.framed.client;

import dev.polywire.house.Breaks;
import dev.polywire.house.broken.framed.service.KnowsEndpointOptions;

@Breaks("client, session, server")
public interface KnowsService {

    KnowsEndpointOptions service();
}
