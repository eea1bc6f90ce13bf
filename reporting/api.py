"""Monthly reports for programs: the same rows and rights as on screen."""

from __future__ import annotations

from django.http import HttpRequest
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response

from audit.record import record
from counties.access import find
from counties.decorators import site_view
from counties.permissions import Right
from reporting.display import restored
from reporting.measures import REGISTRY
from reporting.models import MonthlyReport


class ReportSerializer(serializers.ModelSerializer):
    """What a report is and where it stands; the figures come with one report at a time."""

    class Meta:
        model = MonthlyReport
        fields = ["id", "month", "version", "status", "due_on", "certified_at", "submitted_at", "reviewed_at"]


class ReportWithFiguresSerializer(ReportSerializer):
    figures = serializers.SerializerMethodField()

    class Meta(ReportSerializer.Meta):
        fields = [*ReportSerializer.Meta.fields, "figures"]

    def get_figures(self, report: MonthlyReport) -> dict[str, object]:
        """One value per field id, in the order of the report, as `manage.py monthly_report --json` prints them."""
        stored = dict(report.figures.values_list("field", "value"))
        return {m.field: restored(m, stored[m.field]) for m in REGISTRY if m.field in stored}


@site_view(Right.REPORT_VIEW)
@api_view(["GET"])
def reports(request: HttpRequest, site: str) -> Response:
    """List the site's reports, newest month first."""
    pages = PageNumberPagination()
    page = pages.paginate_queryset(MonthlyReport.objects.visible_to(request.access), request)
    record("report.listed", kind="monthlyreport", ids=[report.pk for report in page], door="api")
    return pages.get_paginated_response(ReportSerializer(page, many=True).data)


@site_view(Right.REPORT_VIEW)
@api_view(["GET"])
def report(request: HttpRequest, site: str, pk: str) -> Response:
    """Show one report with its figures."""
    found = find(MonthlyReport.objects.visible_to(request.access), pk=pk)
    record("report.viewed", found, door="api")
    return Response(ReportWithFiguresSerializer(found).data)
