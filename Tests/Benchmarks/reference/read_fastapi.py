"""What a competent user writes for P5: FastAPI and asyncpg, two workers. BENCH_DOCUMENTS names the database."""
import os

import asyncpg
from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse

app = FastAPI()


@app.on_event("startup")
async def connect():
    app.state.pool = await asyncpg.create_pool(os.environ["BENCH_DOCUMENTS"], min_size=4, max_size=8)


@app.get("/record/{id}")
async def record(id: str):
    body = await app.state.pool.fetchval("SELECT body FROM bench_doc WHERE id = $1", id)
    return Response(body, media_type="application/json") if body else Response(status_code=404)


@app.get("/list")
async def listed():
    rows = await app.state.pool.fetch("SELECT id, name, grade, open_problems FROM bench_row ORDER BY place LIMIT 20")
    return JSONResponse([dict(row) for row in rows])
