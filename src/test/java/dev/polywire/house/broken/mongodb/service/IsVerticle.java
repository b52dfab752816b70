package dev.polywire.house.broken.mongodb.service;

import dev.polywire.house.Breaks;
import io.vertx.core.VerticleBase;

@Breaks("verticles")
public class IsVerticle extends VerticleBase {}
