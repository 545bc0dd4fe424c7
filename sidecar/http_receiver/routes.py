"""The routes of hooks, session files and outcomes."""

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from sidecar.domain import Intake
from sidecar.doors import caller_of
from sidecar.http_receiver.headers import media_type
from sidecar.http_receiver.intake import Intakes
from sidecar.receive import Receipt


def add_receiving_routes(app: FastAPI, intakes: Intakes) -> None:
    """Mount everything that takes data but OTLP; see `Exports`."""

    async def take(request: Request, intake: Intake) -> Response:
        agent = request.path_params.get("agent")
        team = caller_of(request.scope).team
        return _stored(await intakes.take(request.scope, request.receive, intake, team=team, agent=agent))

    async def take_hook(request: Request) -> Response:
        if media_type(request.headers) != "application/json":
            raise HTTPException(415, "hooks are taken as application/json")
        return await take(request, Intake.HOOK)

    async def take_transcript(request: Request) -> Response:
        return await take(request, Intake.TRANSCRIPT)

    async def take_outcome(request: Request) -> Response:
        return await take(request, Intake.OUTCOME)

    # plain routes: these read the body themselves, and FastAPI's own would only add its time to each request
    app.add_route("/hooks/{agent}", take_hook, methods=["POST"])
    app.add_route("/transcripts/{agent}", take_transcript, methods=["POST"])
    app.add_route("/outcomes", take_outcome, methods=["POST"])


def _stored(receipt: Receipt) -> Response:
    return JSONResponse({"stored": True, "new": receipt.is_new})
